import type { ServerResponse } from "node:http";
import type { WireResponse } from "../wire/message.ts";

/** Breaks the connection before a byte is sent, or in the middle of the answer; where that has no body, before its head. */
export async function breakOff(
  response: ServerResponse,
  { status, headers, body, cut }: WireResponse,
): Promise<void> {
  const whole = typeof body === "string" ? Buffer.from(body) : body;
  if (cut === "after" && whole instanceof Uint8Array && whole.length > 1) {
    response.writeHead(status, { ...headers, "content-length": String(whole.length) });
    const half = whole.subarray(0, whole.length / 2);
    await new Promise<void>((resolve) => void response.write(half, () => resolve()));
  }
  response.socket?.resetAndDestroy();
}
