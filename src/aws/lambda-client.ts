import { maxSockets } from "./client-settings.ts";
import type { Connection } from "./connection.ts";

/** Options for the agents that the SDK makes where the settings bring none. */
const manyAtOnce = { keepAlive: true, maxSockets };

/** The Lambda client and its commands, loaded together: about 60 ms. */
export async function lambdaClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([import("./sdk/lambda.ts"), connection.settings()]);
  const requestHandler = {
    httpAgent: manyAtOnce,
    httpsAgent: manyAtOnce,
    ...settings.requestHandler,
  };
  return { sdk, client: new sdk.LambdaClient({ ...settings, requestHandler }) };
}

export type LambdaConnection = () => ReturnType<typeof lambdaClient>;
