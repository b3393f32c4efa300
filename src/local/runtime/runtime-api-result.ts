import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Invocation, InvocationResult } from "./invocation.ts";

/** Largest buffered response (Lambda developer guide, gettingstarted-limits: 6 MB). */
const maxResponseBytes = 6_291_556;
/** Largest streamed response (Lambda developer guide, gettingstarted-limits: 200 MB). */
const maxStreamedBytes = 200 * 1024 * 1024;

export interface PostedResult {
  readonly result: InvocationResult;
  /** HTTP status for the runtime. */
  readonly status: number;
}

/** Reads what the runtime posts: a result, an error, or a streamed response that may fail in its trailers. */
export async function readResult(
  request: IncomingMessage,
  failed: boolean,
  invocation: Invocation | undefined,
): Promise<PostedResult> {
  if (request.headers["lambda-runtime-function-response-mode"] === "streaming") {
    return readStreamed(request, invocation);
  }
  const payload = await buffer(request);
  if (failed) {
    const errorType = String(request.headers["lambda-runtime-function-error-type"] ?? "Unhandled");
    return { result: { payload, errorType }, status: 202 };
  }
  return {
    result: checkedSize(payload),
    status: payload.byteLength > maxResponseBytes ? 413 : 202,
  };
}

/** A buffered response, or the error of one that is too large. */
export function checkedSize(payload: Uint8Array): InvocationResult {
  return payload.byteLength > maxResponseBytes ? responseTooLarge(payload.byteLength) : { payload };
}

async function readStreamed(
  request: IncomingMessage,
  invocation: Invocation | undefined,
): Promise<PostedResult> {
  const sink = invocation?.sink;
  const limit = sink ? maxStreamedBytes : maxResponseBytes;
  const collected: Buffer[] = [];
  let size = 0;
  sink?.start(request.headers["content-type"] ?? "application/octet-stream");
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) continue;
    if (sink) sink.chunk(chunk);
    else collected.push(chunk);
  }
  const errorType = request.trailers["lambda-runtime-function-error-type"];
  if (errorType !== undefined) {
    const body = request.trailers["lambda-runtime-function-error-body"] ?? "";
    return { result: { payload: Buffer.from(body, "base64"), errorType }, status: 202 };
  }
  if (size > limit) return { result: responseTooLarge(size), status: 413 };
  return {
    result: { payload: Buffer.concat(collected), streamed: sink !== undefined },
    status: 202,
  };
}

function responseTooLarge(size: number): InvocationResult {
  const errorType = "Function.ResponseSizeTooLarge";
  const errorMessage = `Response payload size (${size} bytes) exceeded maximum allowed payload size (${maxResponseBytes} bytes).`;
  return { payload: Buffer.from(JSON.stringify({ errorMessage, errorType })), errorType };
}
