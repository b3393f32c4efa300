/** An asynchronous invoke that was acknowledged and is not done. */
export interface EventDocument {
  readonly functionName: string;
  /** As the caller named it. */
  readonly qualifier?: string | undefined;
  readonly requestId: string;
  /** Base64: state is JSON. */
  readonly payload: string;
  readonly clientContext?: string | undefined;
  /** Milliseconds since 1970, on the target's clock. */
  readonly acceptedAt: number;
  readonly dueAt: number;
  /** Runs that ended in an error of the function. */
  readonly failures: number;
  /** Runs that the service could not make: throttled, or no environment. */
  readonly refusals: number;
}

/** An event as it is taken. */
export interface NewEvent {
  readonly region: string;
  readonly functionName: string;
  readonly qualifier?: string | undefined;
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly clientContext?: string | undefined;
}
