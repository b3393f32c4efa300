/** One request on its way through an execution environment. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly functionArn: string;
  /** Milliseconds until the caller is told of a timeout; the code runs on. */
  readonly timeoutMs: number;
  /** JSON of the client context, decoded. */
  readonly clientContext?: string | undefined;
  /** The worker thread that is to take it, by Node's thread id. Nothing: whoever asks first. */
  readonly worker?: number | undefined;
  /** Takes a streamed response piece by piece; without one it is collected. */
  readonly sink?: ResponseSink | undefined;
}

export interface ResponseSink {
  start(contentType: string): void;
  /** Resolves when there is room for the next piece: a slow reader slows the function down. */
  chunk(bytes: Buffer): Promise<void>;
}

/** How an invocation ended, as the caller sees it. */
export interface InvocationResult {
  readonly payload: Uint8Array;
  /** Type of the error when the function failed; its description is the payload. */
  readonly errorType?: string;
  /** The payload went to the sink already. */
  readonly streamed?: boolean;
  /** As the runtime named it. Nothing: JSON. */
  readonly contentType?: string;
}

/**
 * An error as the platform, not the function, reports it: `{errorType, errorMessage?}` as AWS's data plane of managed
 * instances writes it (aws-lambda-runtime-interface-emulator, lambda-managed-instances/rapid/model/error_types.go).
 */
export function platformError(errorType: string, errorMessage?: string): InvocationResult {
  return { payload: Buffer.from(JSON.stringify({ errorType, errorMessage })), errorType };
}
