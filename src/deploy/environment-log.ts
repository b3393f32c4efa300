import type { Aws } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { isRecord } from "../is-record.ts";

/** What earlier looks have seen of the environments of a function, for the next look to go on from. */
export interface SeenEnvironments {
  /** Log streams of those that are initialised. */
  readonly ready: Set<string>;
  newest: Date | undefined;
}

/** Streams arrive beside each other, some later than others, ms. */
const lateness = 30_000;
/** Of one look: what goes beyond is left to the next. */
const mostPages = 20;

export interface EnvironmentQuery {
  readonly logGroup: string;
  readonly since: Date;
  readonly signal: AbortSignal;
}

/**
 * How many execution environments of a function wrote since a time that they are initialised: each has a log stream
 * of its own, and writes `platform.initReport` at level INFO (Lambda developer guide,
 * monitoring-cloudwatchlogs-log-level). No call of Lambda tells the number, and no metric does so in time: their
 * period is 5 minutes. Fewer than there are where the function's system log level is WARN or its subnets have no way
 * to CloudWatch Logs. 0 where there is no log yet.
 * @param seen is added to; the log is read from there on
 */
export async function readyEnvironments(
  { logGroup, since, signal }: EnvironmentQuery,
  seen: SeenEnvironments,
  { logs }: Pick<Aws, "logs">,
): Promise<number> {
  const from = Math.max(since.getTime(), (seen.newest?.getTime() ?? 0) - lateness);
  const filter = '{ $.type = "platform.initReport" }';
  const query = { logGroup, since: new Date(from), filter, signal, pages: mostPages };
  try {
    for await (const { logStream, message, time } of logs.events(query)) {
      if (seen.newest === undefined || time > seen.newest) seen.newest = time;
      if (isSuccess(message)) seen.ready.add(logStream);
    }
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_LOG_GROUP_NOT_FOUND")
      return seen.ready.size;
    throw error;
  }
  return seen.ready.size;
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
