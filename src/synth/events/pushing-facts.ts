import type { EventFinding } from "./event-facts.ts";

/** Lambda quotas: what an asynchronous request may carry, in bytes. */
const MAX_ASYNC_PAYLOAD = 1024 * 1024;

export function inputFindings(input: unknown): EventFinding[] {
  const size = input === undefined ? 0 : Buffer.byteLength(JSON.stringify(input));
  if (size <= MAX_ASYNC_PAYLOAD) return [];
  const message = `must be at most ${MAX_ASYNC_PAYLOAD} bytes as JSON, and is ${size}`;
  return [{ key: "input", value: undefined, message, code: "event-input-too-large" }];
}
