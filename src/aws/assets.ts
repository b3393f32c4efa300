import { createHash } from "node:crypto";

import type { Connection } from "./connection.ts";
import { once } from "./connection.ts";
import { explained } from "./explain.ts";
import type { Assets } from "./ports.ts";
import { ownBucket, s3Client } from "./s3-client.ts";

export function createAssets(connection: Connection): Assets {
  const s3 = once(() => s3Client(connection));
  return {
    sha256: (place, key, signal) =>
      explained(connection.target, async () => {
        const { sdk, client } = await s3();
        const request = { ...ownBucket(place), Key: key };
        const { Body: body } = await client.send(new sdk.GetObjectCommand(request), {
          abortSignal: signal,
        });
        const hash = createHash("sha256");
        // In Node, a stream of it (AWS SDK for JavaScript, "GetObjectCommandOutput").
        for await (const part of body as AsyncIterable<Uint8Array>) hash.update(part);
        return hash.digest("base64");
      }),
  };
}
