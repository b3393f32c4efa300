import type { Aws } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { isRecord } from "../is-record.ts";

/**
 * How many execution environments of a function wrote since a time that they are initialised: each has a log stream
 * of its own, and writes `platform.initReport` at level INFO (Lambda developer guide,
 * monitoring-cloudwatchlogs-log-level). No call of Lambda tells the number, and no metric does so in time: their
 * period is 5 minutes. Fewer than there are where the function's system log level is WARN or its subnets have no way
 * to CloudWatch Logs. 0 where there is no log yet.
 */
export async function readyEnvironments(
  { logGroup, since }: { readonly logGroup: string; readonly since: Date },
  { logs }: Pick<Aws, "logs">,
): Promise<number> {
  const ready = new Set<string>();
  try {
    const filter = '{ $.type = "platform.initReport" }';
    for await (const { logStream, message } of logs.events({ logGroup, since, filter }))
      if (isSuccess(message)) ready.add(logStream);
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_LOG_GROUP_NOT_FOUND") return 0;
    throw error;
  }
  return ready.size;
}

function isSuccess(message: string): boolean {
  try {
    const line: unknown = JSON.parse(message);
    const record = isRecord(line) && isRecord(line["record"]) ? line["record"] : {};
    return (record["status"] ?? "success") === "success";
  } catch {
    return false;
  }
}
