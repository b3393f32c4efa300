import type { Clock } from "./clock.ts";
import type { FunctionUrlHost } from "./function-url-host.ts";
import type { FaultSource } from "./faults/fault.ts";
import type { BlobStore, State } from "./state.ts";
import type { WireRequest, WireResponse } from "./wire/message.ts";

/** SigV4 signing names of the services that the local target knows. */
export type ServiceName =
  | "apigateway"
  | "cloudformation"
  | "ec2"
  | "events"
  | "iam"
  | "lambda"
  | "logs"
  | "monitoring"
  | "s3"
  | "scheduler"
  | "secretsmanager"
  | "servicequotas"
  | "sqs"
  | "sns"
  | "ssm"
  | "sts"
  | "ecr"
  | "kms";

/** Who calls, and where: taken from the request's signature. */
export interface CallContext {
  readonly region: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly accessKeyId: string;
  /** Aborted when the client goes away or the target stops. */
  readonly signal: AbortSignal;
}

/**
 * One operation of a service: input and output have the shapes of the AWS SDK's command of the same name.
 * Throws ServiceError for every failure that AWS would answer.
 */
export type Operation = (input: never, context: CallContext) => Promise<object>;

/** A request to a function URL or an HTTP API: not signed for AWS's own API, and found by its host name. */
export interface FunctionUrlRequest extends WireRequest {
  readonly url: FunctionUrlHost;
  /** As sent, without the question mark. */
  readonly rawQuery: string;
}

export interface Service {
  readonly name: ServiceName;
  /** Operation name, as in AWS's model, to handler. What is missing answers NotImplemented. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Answers a request to a function URL, or an HTTP API. */
  serveUrl?(request: FunctionUrlRequest): Promise<WireResponse>;
  /** Takes up what a restart interrupted (pending activations, stacks in progress). */
  resume?(): Promise<void>;
  close?(): Promise<void>;
}

/** Calls an operation of another service in process, as AWS's services call each other. */
export type CallService = <Output extends object>(
  service: ServiceName,
  operation: string,
  input: object,
  context: CallContext,
) => Promise<Output>;

/** What every service of the local target is made from. */
export interface TargetContext {
  readonly accountId: string;
  readonly clock: Clock;
  readonly state: State;
  readonly blobs: BlobStore;
  readonly random: () => number;
  /** `fast`: states change within milliseconds; `realistic`: as long as on AWS. */
  readonly timing: Timing;
  readonly call: CallService;
  /** What is to go wrong, by rules that tests and the curious set. */
  readonly faults: FaultSource;
  /** Base URL of the running target, `http://127.0.0.1:PORT`; known once it listens. */
  readonly endpoint: () => string;
  /** A line for the target's own log file; never secrets. */
  readonly log: (message: string) => void;
}

export type Timing = "fast" | "realistic";
