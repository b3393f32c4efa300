import type { Invocation } from "./invocation.ts";

/** Where a line of a function's log belongs. */
export interface LineSource {
  readonly functionName: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** A request that a function has taken. */
export interface WatchedRequest {
  readonly functionName: string;
  readonly requestId: string;
}

/** How it ended. */
export interface WatchedEnd {
  /** Milliseconds since it was taken, a wait for a place included. */
  readonly durationMs: number;
  /** Nothing: success. */
  readonly errorType?: string | undefined;
}

/** Told of what functions do at the moment they do it, by who runs the target in its own process. */
export interface FunctionWatch {
  /** A line of a function or its platform, before it is stored. */
  readonly line: (of: LineSource, message: string) => void;
  /** @param payload its event, as the function gets it */
  readonly began: (request: WatchedRequest, payload: Uint8Array) => void;
  readonly ended: (request: WatchedRequest, end: WatchedEnd) => void;
  /** All environments are busy: the caller was answered 429. */
  readonly refused: (functionName: string) => void;
}

/** The part of it that a fleet tells, of the one function that it serves. */
export interface RequestWatch {
  /** @returns what is to be called when the request has ended, with the type of its error */
  readonly began: (
    invocation: Pick<Invocation, "requestId" | "payload">,
  ) => (errorType: string | undefined) => void;
  readonly refused: () => void;
}

export function requestWatch(watch: FunctionWatch, functionName: string): RequestWatch {
  return {
    began: ({ requestId, payload }) => {
      const startedAt = performance.now();
      watch.began({ functionName, requestId }, payload);
      return (errorType) =>
        watch.ended(
          { functionName, requestId },
          { durationMs: performance.now() - startedAt, errorType },
        );
    },
    refused: () => watch.refused(functionName),
  };
}
