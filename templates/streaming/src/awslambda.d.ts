import type { Writable } from "node:stream";

/** What Lambda's Node.js runtime puts into the global scope for answers that are streamed. */
declare global {
  namespace awslambda {
    interface Metadata {
      readonly statusCode: number;
      readonly headers?: Readonly<Record<string, string>>;
    }

    /** Makes a handler that Lambda gives a stream to write its answer to. */
    function streamifyResponse<E>(
      handler: (event: E, responseStream: Writable, context: unknown) => Promise<void>,
    ): (event: E, responseStream: Writable, context: unknown) => Promise<void>;

    const HttpResponseStream: {
      /** Sets status and headers; what is written to the returned stream is the body. */
      from(responseStream: Writable, metadata: Metadata): Writable;
    };
  }
}
