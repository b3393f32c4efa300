import { createHash } from "node:crypto";

/** As Lambda tells the hash of code: base64 of the SHA-256 of the .zip (Lambda API reference, FunctionConfiguration). */
export function codeSha256(zip: Uint8Array): string {
  return createHash("sha256").update(zip).digest("base64");
}

/** The first eight digits in hex, for people. */
export function shortHash(sha256: string): string {
  return Buffer.from(sha256, "base64").toString("hex").slice(0, 8);
}
