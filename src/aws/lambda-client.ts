import type { Connection } from "./connection.ts";

/** The Lambda client and its commands, loaded together: about 60 ms, most of it the client's own code. */
export async function lambdaClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([
    import("@aws-sdk/client-lambda"),
    connection.settings(),
  ]);
  return { sdk, client: new sdk.LambdaClient(settings) };
}

export type LambdaConnection = () => ReturnType<typeof lambdaClient>;
