import type { ServiceName } from "../service.ts";

export type TimestampFormat = "date-time" | "http-date" | "epoch-seconds";

/** Set or missing; the SDK writes it as 1. */
export type Flag = true | 1;

/** Where a member of an input or output lives in an HTTP message, and its names in each format. */
export interface Traits {
  readonly httpLabel?: Flag;
  readonly httpQuery?: string;
  readonly httpQueryParams?: Flag;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: Flag;
  readonly httpResponseCode?: Flag;
  readonly eventHeader?: Flag;
  readonly eventPayload?: Flag;
  readonly streaming?: Flag;
  readonly idempotencyToken?: Flag;
  readonly jsonName?: string;
  readonly xmlName?: string;
  readonly xmlFlattened?: Flag;
  readonly xmlAttribute?: Flag;
  readonly xmlNamespace?: readonly [prefix: string, uri: string];
  readonly ec2QueryName?: string;
}

export interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly traits: Traits;
  readonly shape: Shape;
}

export interface Structure {
  readonly kind: "structure" | "union";
  readonly name: string;
  readonly traits: Traits;
  readonly members: readonly Member[];
}

export interface ListShape {
  readonly kind: "list";
  readonly element: Member;
}

export interface MapShape {
  readonly kind: "map";
  readonly key: Member;
  readonly value: Member;
}

export type ScalarKind =
  | "string"
  | "boolean"
  | "number"
  | "bigint"
  | "bigdecimal"
  | "document"
  | "unit";

export interface Scalar {
  readonly kind: ScalarKind;
}

export interface Blob {
  readonly kind: "blob";
  readonly streaming: boolean;
}

export interface Timestamp {
  readonly kind: "timestamp";
  /** Undefined: the default of the place where it stands. */
  readonly format: TimestampFormat | undefined;
}

export type Shape = Structure | ListShape | MapShape | Scalar | Blob | Timestamp;

export interface OperationModel {
  readonly name: string;
  readonly input: Structure;
  readonly output: Structure;
  readonly http:
    | { readonly method: string; readonly uri: string; readonly status: number }
    | undefined;
}

export interface ErrorModel {
  readonly name: string;
  readonly shape: Structure;
  readonly fault: "client" | "server";
  readonly status: number;
  /** The code on the wire where it is not the shape's name (awsQuery). */
  readonly queryCode: string;
}

export type ProtocolName = "json" | "query" | "ec2" | "rest-json" | "rest-xml";

export interface ServiceModel {
  readonly name: ServiceName;
  readonly protocol: ProtocolName;
  /** It speaks JSON 1.0, CBOR and query, as the request does, and its errors keep their query codes. */
  readonly queryCompatible: boolean;
  readonly xmlNamespace: string;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** By shape name and by awsQuery code. */
  readonly errors: ReadonlyMap<string, ErrorModel>;
}

export function isStructure(shape: Shape): shape is Structure {
  return shape.kind === "structure" || shape.kind === "union";
}
