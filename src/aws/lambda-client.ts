import type { Connection } from "./connection.ts";

/** The Lambda client and its commands, loaded together: about 60 ms. */
export async function lambdaClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([import("./sdk/lambda.ts"), connection.settings()]);
  return { sdk, client: new sdk.LambdaClient(settings) };
}

export type LambdaConnection = () => ReturnType<typeof lambdaClient>;
