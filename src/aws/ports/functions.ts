import type { LiveProperties } from "./live-properties.ts";

export interface InvokeRequest {
  readonly functionName: string;
  readonly payload: Uint8Array;
  /** Nothing: LMI routes to `$LATEST.PUBLISHED`. */
  readonly qualifier?: string | undefined;
  readonly asynchronous?: boolean;
  readonly signal?: AbortSignal;
}

export interface InvokeResponse {
  readonly statusCode: number;
  readonly requestId: string;
  readonly executedVersion: string | undefined;
  /** `Unhandled` or `Handled` when the function failed. */
  readonly functionError: string | undefined;
  readonly payload: Uint8Array;
}

/** A function or one of its versions, as GetFunctionConfiguration tells. */
export interface FunctionState {
  readonly functionName: string;
  readonly functionArn: string;
  readonly version: string;
  readonly runtime: string | undefined;
  readonly memoryMb: number | undefined;
  readonly codeSha256: string | undefined;
  readonly state: string | undefined;
  readonly stateReason: string | undefined;
  readonly stateReasonCode: string | undefined;
  readonly lastUpdateStatus: string | undefined;
  readonly lastUpdateStatusReason: string | undefined;
  readonly lastUpdateStatusReasonCode: string | undefined;
  /** Changes with everything that is changed. */
  readonly revisionId?: string | undefined;
  readonly capacityProviderArn: string | undefined;
  readonly logGroup: string | undefined;
  /** When its code or settings came; undefined where Lambda does not say. */
  readonly lastModified?: Date | undefined;
  /** What whoever published it says of it: `lmi push` and `lmi rollback` say so. */
  readonly description?: string | undefined;
}

export interface Functions {
  invoke(request: InvokeRequest): Promise<InvokeResponse>;
  /** undefined when the function, or that version of it, does not exist. */
  find(functionName: string, qualifier?: string): Promise<FunctionState | undefined>;
  /**
   * How the function is set up now, in the words of AWS::Lambda::Function; undefined when it does not exist. Beside
   * that `CodeSha256`, and `PublishedCodeSha256` of what answers requests. Environment variables are in the clear.
   */
  properties(functionName: string): Promise<LiveProperties | undefined>;
}
