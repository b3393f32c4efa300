import type {
  AliasConfiguration,
  CapacityProvider,
  FunctionConfiguration,
  FunctionScalingConfig,
} from "@aws-sdk/client-lambda";

/** The code of a version: a zip in the blob store, or the URI of an image, which is kept but cannot run here. */
export interface CodeDocument {
  readonly blob?: string;
  readonly imageUri?: string;
  readonly size: number;
  /** Base64, as AWS tells it. */
  readonly sha256: string;
}

export const latest = "$LATEST";
export const latestPublished = "$LATEST.PUBLISHED";

export interface FunctionDocument {
  readonly name: string;
  readonly arn: string;
  readonly lastVersion: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Scaling asked for `$LATEST.PUBLISHED`; it outlives a republish (Lambda developer guide, lambda-managed-instances-scaling). */
  readonly scaling?: FunctionScalingConfig;
}

/** Code and configuration that belong together. */
export interface Snapshot {
  readonly configuration: FunctionConfiguration;
  readonly code: CodeDocument;
}

/** `$LATEST`, `$LATEST.PUBLISHED` or a numbered version. */
export interface VersionDocument extends Snapshot {
  readonly functionName: string;
  readonly qualifier: string;
  /** What serves requests; differs from the snapshot while, or after, a republish did not succeed. */
  readonly serving?: Snapshot;
  readonly requestedScaling?: FunctionScalingConfig;
  readonly appliedScaling?: FunctionScalingConfig;
  /** The instance of each execution environment. */
  readonly instances?: readonly string[];
  /** Of the attempt of CloudFormation's that published it; the same again gets this version. */
  readonly token?: string;
}

export interface CapacityProviderDocument {
  readonly name: string;
  readonly provider: CapacityProvider;
  readonly tags: Readonly<Record<string, string>>;
}

export interface AliasDocument {
  readonly functionName: string;
  readonly alias: AliasConfiguration;
}

/** Anything else that belongs to a function and is only kept: policies, URLs, event invoke settings. */
export interface AttachmentDocument<Value extends object = Record<string, unknown>> {
  readonly functionName: string;
  readonly qualifier: string;
  readonly value: Value;
}
