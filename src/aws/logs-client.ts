import { once } from "./connection.ts";
import type { Connection } from "./connection.ts";

/** The CloudWatch Logs client and the commands that read stored events, loaded together. */
export async function logsClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([import("./sdk/logs.ts"), connection.settings()]);
  return { sdk, client: new sdk.CloudWatchLogsClient(settings), live: once(liveCommands) };
}

/** What only following needs. */
function liveCommands() {
  return import("./sdk/logs-live.ts");
}

export type LogsConnection = () => ReturnType<typeof logsClient>;
