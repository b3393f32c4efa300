import type {
  InvokeWithResponseStreamResponse,
  InvokeWithResponseStreamResponseEvent,
} from "@aws-sdk/client-lambda";
import type { Invocation, InvocationResult } from "../../runtime/invocation.ts";
import type { Route } from "./invoke-route.ts";
import { Pieces } from "./pieces.ts";

type Run = (route: Route, invocation: Invocation) => Promise<InvocationResult>;

/**
 * Runs the function and answers as soon as its response begins; then the event stream follows it. A function that does
 * not stream answers in one piece.
 */
export async function streamedResponse(
  route: Route,
  invocation: Invocation,
  run: Run,
): Promise<InvokeWithResponseStreamResponse> {
  const chunks = new Pieces<InvokeWithResponseStreamResponseEvent>();
  const begun = Promise.withResolvers<string>();
  const sink = {
    start: (contentType: string) => begun.resolve(contentType),
    chunk: (bytes: Buffer) => chunks.push({ PayloadChunk: { Payload: bytes } }),
  };
  const ended = run(route, { ...invocation, sink }).then(({ payload, errorType, streamed }) => {
    if (errorType === undefined) {
      if (!streamed) void chunks.push({ PayloadChunk: { Payload: payload } });
      void chunks.push({ InvokeComplete: {} });
    } else {
      void chunks.push({
        InvokeComplete: { ErrorCode: errorType, ErrorDetails: Buffer.from(payload).toString() },
      });
    }
    chunks.end();
    return "application/json";
  });
  const ResponseStreamContentType = await Promise.race([begun.promise, ended]);
  return {
    StatusCode: 200,
    ExecutedVersion: route.version,
    ResponseStreamContentType,
    EventStream: chunks,
  };
}
