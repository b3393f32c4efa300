import { createHash } from "node:crypto";
import type { BlobStore } from "../../src/local/state.ts";

export function blobsInMemory(): BlobStore {
  const kept = new Map<string, Buffer>();
  return {
    put: async (bytes) => {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      kept.set(sha256, Buffer.from(bytes));
      return sha256;
    },
    get: async (sha256) => kept.get(sha256) ?? Buffer.alloc(0),
    path: (sha256) => `/nowhere/${sha256}`,
  };
}
