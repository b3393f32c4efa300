import type { ServerResponse } from "node:http";
import type { WireResponse } from "./wire/message.ts";

/** Writes an answer. A client that does not read it for so long is given up, or it would be kept for ever. */
export async function send(
  response: ServerResponse,
  { status, headers, cookies, body }: WireResponse,
  { gone, slowestMs }: { readonly gone: AbortSignal; readonly slowestMs: number },
): Promise<void> {
  if (cookies) response.setHeader("set-cookie", cookies);
  if (typeof body === "string" || body instanceof Uint8Array) {
    // An answer to HEAD has no body but says how long it would be.
    if (headers["content-length"] === undefined && status !== 204 && status !== 304) {
      headers["content-length"] = String(
        typeof body === "string" ? Buffer.byteLength(body) : body.byteLength,
      );
    }
    response.setTimeout(slowestMs, () => response.destroy());
    response.writeHead(status, headers).end(body);
    return;
  }
  response.writeHead(status, headers).flushHeaders();
  for await (const chunk of body) {
    if (gone.aborted) return;
    if (!response.write(chunk)) await drained(response, slowestMs);
  }
  response.end();
}

function drained(response: ServerResponse, slowestMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), slowestMs);
    const done = () => {
      clearTimeout(timer);
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.once("drain", done).once("close", done);
  });
}
