import type { Invocation, InvocationResult } from "../../runtime/invocation.ts";
import type { WireResponse } from "../../wire/message.ts";
import { BrokenAnswer } from "../../wire/message.ts";
import { runFunction } from "./function-run.ts";
import {
  functionFailed,
  httpIntegration,
  preludeEnd,
  responseHead,
} from "./function-url-response.ts";
import type { Route } from "./invoke-route.ts";
import { Pieces } from "./pieces.ts";

/** Metadata larger than this is none: nothing would ever end it. */
const maxPrelude = 1024 * 1024;

/**
 * A function's response as it comes (InvokeMode RESPONSE_STREAM): with the status and headers that its metadata names,
 * or 200 and its content type. What fails before the first byte is a 502; what fails later breaks the connection.
 */
export async function streamedUrlResponse(
  route: Route,
  invocation: Invocation,
): Promise<WireResponse> {
  const pieces = new Pieces<Buffer>();
  const begun = Promise.withResolvers<string>();
  const ended = runFunction(route, {
    ...invocation,
    sink: {
      start: (contentType) => begun.resolve(contentType),
      chunk: (bytes) => pieces.push(bytes),
    },
  }).then((result) => {
    finish(pieces, result);
    return result;
  });
  const first = await Promise.race([begun.promise, ended]);
  if (typeof first !== "string") return unstreamed(first);
  const source = pieces[Symbol.asyncIterator]();
  try {
    const answer = await (first === httpIntegration
      ? withPrelude(source)
      : startedBody(first, source));
    if (answer) return answer;
    // Nobody reads the rest: the function must not wait for it.
    await source.return(undefined);
    return functionFailed();
  } catch (error) {
    if (error instanceof BrokenAnswer) return functionFailed();
    throw error;
  }
}

function finish(pieces: Pieces<Buffer>, { errorType }: InvocationResult): void {
  if (errorType === undefined) pieces.end();
  else pieces.fail(new BrokenAnswer(`The function failed while it streamed: ${errorType}`));
}

/** A function that does not stream is answered whole, as it is: nothing is inferred from it. */
function unstreamed({ errorType, payload, contentType }: InvocationResult): WireResponse {
  if (errorType !== undefined) return functionFailed();
  return {
    status: 200,
    headers: { "content-type": contentType ?? "application/json" },
    body: payload,
  };
}

/** Waits for the first piece, so that an error before it can still be told. */
async function startedBody(
  contentType: string,
  source: AsyncGenerator<Buffer>,
): Promise<WireResponse> {
  const first = await source.next();
  const body = following(first.done ? undefined : first.value, source);
  return { status: 200, headers: { "content-type": contentType }, body };
}

/** Nothing where the metadata is none. */
async function withPrelude(source: AsyncGenerator<Buffer>): Promise<WireResponse | undefined> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const end = bytes.indexOf(preludeEnd);
    if (end >= 0) {
      const head = headOf(bytes.subarray(0, end));
      const rest = bytes.subarray(end + preludeEnd.length);
      return head && { ...head, body: following(rest, source) };
    }
    const next = await source.next();
    if (next.done === true || bytes.length > maxPrelude) return undefined;
    bytes = Buffer.concat([bytes, next.value]);
  }
}

function headOf(prelude: Buffer) {
  try {
    const value: unknown = JSON.parse(prelude.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? responseHead({ ...value })
      : undefined;
  } catch {
    return undefined;
  }
}

async function* following(
  first: Buffer | undefined,
  source: AsyncGenerator<Buffer>,
): AsyncGenerator<Uint8Array> {
  try {
    if (first && first.length > 0) yield first;
    yield* source;
  } finally {
    // Who stops at the first piece has not asked the source for anything.
    await source.return(undefined);
  }
}
