import type { IncomingMessage } from "node:http";
import { PlatformErrorType, platformErrorType } from "./error-types.ts";
import type { InvocationResult, ResponseSink } from "./invocation.ts";
import { platformError } from "./invocation.ts";
import type { Refusal } from "./runtime-api-answers.ts";
import { refusals } from "./runtime-api-answers.ts";

/** Largest buffered response: 6 MB and 100 bytes (Lambda developer guide, gettingstarted-limits; the text of the error). */
const maxResponseBytes = 6_291_556;
/** Largest streamed response (Lambda developer guide, gettingstarted-limits: 200 MB). */
const maxStreamedBytes = 200 * 1024 * 1024;

export interface PostedResult {
  readonly result: InvocationResult;
  /** What the runtime is told when it is not `202`. */
  readonly refusal?: Refusal;
}

/** Reads what the runtime posts: a result, an error, or a streamed response that may fail in its trailers. */
export async function readResult(
  request: IncomingMessage,
  failed: boolean,
  sink: ResponseSink | undefined,
): Promise<PostedResult> {
  try {
    if (failed) return await readError(request);
    const mode = request.headers["lambda-runtime-function-response-mode"];
    if (mode === "streaming") return await readStreamed(request, sink);
    if (mode !== undefined) return await refused(request);
    const { payload, size } = await readUpTo(request, maxResponseBytes);
    return sized({ payload, ...contentType(request) }, size, maxResponseBytes);
  } catch {
    // The connection broke before the end of the body.
    return {
      result: platformError(PlatformErrorType.truncatedResponse),
      refusal: refusals.truncated,
    };
  }
}

/** A buffered response, or the error of one that is too large. */
export function checkedSize(payload: Uint8Array): InvocationResult {
  return sized({ payload }, payload.byteLength, maxResponseBytes).result;
}

/** All of it is read, and no more than `limit` bytes are kept. */
async function readUpTo(
  request: IncomingMessage,
  limit: number,
): Promise<{ readonly payload: Buffer; readonly size: number }> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size < limit) kept.push(chunk.subarray(0, limit - size));
    size += chunk.byteLength;
  }
  return { payload: Buffer.concat(kept), size };
}

async function readError(request: IncomingMessage): Promise<PostedResult> {
  const named = request.headers["lambda-runtime-function-error-type"];
  const errorType = platformErrorType(typeof named === "string" ? named : undefined);
  const { payload } = await readUpTo(request, maxResponseBytes);
  return { result: { payload, errorType } };
}

async function refused(request: IncomingMessage): Promise<PostedResult> {
  await readUpTo(request, 0);
  return {
    result: platformError(PlatformErrorType.invalidResponseMode),
    refusal: refusals.invalidMode,
  };
}

async function readStreamed(
  request: IncomingMessage,
  sink: ResponseSink | undefined,
): Promise<PostedResult> {
  const limit = sink ? maxStreamedBytes : maxResponseBytes;
  const collected: Buffer[] = [];
  let size = 0;
  sink?.start(contentType(request).contentType);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) continue;
    if (sink) await sink.chunk(chunk);
    else collected.push(chunk);
  }
  const named = request.trailers["lambda-runtime-function-error-type"];
  if (named !== undefined) {
    const body = request.trailers["lambda-runtime-function-error-body"] ?? "";
    const errorType = platformErrorType(named);
    return { result: { payload: Buffer.from(body, "base64"), errorType } };
  }
  const payload = Buffer.concat(collected);
  return sized({ payload, streamed: sink !== undefined, ...contentType(request) }, size, limit);
}

/** AWS's default is that of the Runtime API (lambda-managed-instances/invoke/runtime_response_request.go). */
const contentType = (request: IncomingMessage) => ({
  contentType: request.headers["content-type"] ?? "application/octet-stream",
});

function sized(result: InvocationResult, size: number, limit: number): PostedResult {
  if (size <= limit) return { result };
  const message = `Response payload size (${size} bytes) exceeded maximum allowed payload size (${limit} bytes).`;
  return {
    result: platformError(PlatformErrorType.responseTooLarge, message),
    refusal: refusals.tooLarge,
  };
}
