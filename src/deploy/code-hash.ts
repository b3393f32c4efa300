import { createHash } from "node:crypto";

/** As Lambda tells the hash of code: base64 of the SHA-256 of the .zip (Lambda API reference, FunctionConfiguration). */
export function codeSha256(zip: Uint8Array): string {
  return createHash("sha256").update(zip).digest("base64");
}

/** The same hash in hex, as `sha256sum` tells it. */
export function hexHash(sha256: string): string {
  return Buffer.from(sha256, "base64").toString("hex");
}

/** The first eight digits in hex, for people. */
export function shortHash(sha256: string): string {
  return hexHash(sha256).slice(0, 8);
}
