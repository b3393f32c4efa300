import type { IncomingHttpHeaders } from "node:http";

/** A request as it arrived, with its body read. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type WireBody = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Values of Set-Cookie, of which there may be many. */
  readonly cookies?: readonly string[];
  readonly body: WireBody;
  /** The connection breaks instead: before a byte is sent, or in the middle of the answer. */
  readonly cut?: "before" | "after";
}

export function header(request: WireRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** A body that broke off where it came from: the connection ends without its end. */
export class BrokenAnswer extends Error {
  override readonly name = "BrokenAnswer";
}
