import type { Connection } from "./connection.ts";
import type { Credentials } from "./ports.ts";

/** One STS client for a target: what signs its requests is what everything else of lmi signs with. */
export async function stsClient(connection: Connection) {
  const [{ STSClient }, settings] = await Promise.all([
    import("./sdk/sts.ts"),
    connection.settings(),
  ]);
  return new STSClient(settings);
}

export type StsClient = Awaited<ReturnType<typeof stsClient>>;

/** The SDK's own chain, remembered and refreshed before it expires. */
export function createCredentials(sts: () => Promise<StsClient>): () => Promise<Credentials> {
  return async () => (await sts()).config.credentials();
}
