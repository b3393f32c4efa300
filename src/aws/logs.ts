import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";

import { LmiError } from "../errors.ts";
import { once } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { explainHere } from "./explain.ts";
import type { LogEvent, LogQuery, Logs } from "./ports.ts";
import type { AwsTarget } from "./target.ts";

export function createLogs(connection: Connection): Logs {
  const logs = once(() => logsClient(connection));
  return {
    events: (query) => events(query, connection.target, logs),
    follow: (query) => follow(query, connection.target, logs),
  };
}

async function logsClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([import("./sdk/logs.ts"), connection.settings()]);
  return { sdk, client: new sdk.CloudWatchLogsClient(settings) };
}

type LogsConnection = () => ReturnType<typeof logsClient>;

async function* events(
  query: LogQuery,
  target: AwsTarget,
  logs: LogsConnection,
): AsyncGenerator<LogEvent> {
  try {
    const { sdk, client } = await logs();
    let nextToken: string | undefined;
    do {
      const command = new sdk.FilterLogEventsCommand({
        logGroupName: query.logGroup,
        ...(query.since ? { startTime: query.since.getTime() } : {}),
        ...(query.until ? { endTime: query.until.getTime() } : {}),
        ...(query.filter ? { filterPattern: query.filter } : {}),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      // Each page names the next
      const page = await client.send(command, query.signal ? { abortSignal: query.signal } : {});
      yield* (page.events ?? []).map(toEvent);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
      throw noSuchGroup(query.logGroup, target, error);
    }
    throw await explainHere(error, target);
  }
}

/** Events may be ingested this much later than their own time; they are looked for that far back. */
const lateness = 30_000;

/**
 * Polls instead of using live tail, which samples above 500 events a second (CloudWatch Logs user guide,
 * "Live Tail") and costs by the minute: with many requests at once the lines that matter would be missing.
 */
async function* follow(
  query: LogQuery,
  target: AwsTarget,
  logs: LogsConnection,
): AsyncGenerator<LogEvent> {
  const interval = target.local ? 250 : 2000;
  const seen = new Map<string, number>();
  let since = query.since ?? new Date();
  while (!query.signal?.aborted) {
    for await (const event of events({ ...query, since }, target, logs)) {
      if (seen.has(event.eventId)) continue;
      seen.set(event.eventId, event.time.getTime());
      yield event;
    }
    since = forgetBefore(seen, since);
    // Polling is a loop that waits
    await pause(interval, query.signal);
  }
}

/** Moves the window on to what may still arrive, and forgets ids that can no longer come again. */
function forgetBefore(seen: Map<string, number>, since: Date): Date {
  let newest = since.getTime();
  // Not by arguments of one call: there may be more of them than a call takes.
  for (const time of seen.values()) newest = Math.max(newest, time);
  const start = Math.max(since.getTime(), newest - lateness);
  for (const [id, time] of seen) if (time < start) seen.delete(id);
  return new Date(start);
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
  });
}

function noSuchGroup(group: string, target: AwsTarget, cause: Error): LmiError {
  return new LmiError(
    "LMI_LOG_GROUP_NOT_FOUND",
    `There is no log group ${group} in region ${target.region}.`,
    {
      why: "It is made by the deployment.",
      next: `Deploy it: lmi deploy${target.local ? " --local" : ""}`,
      cause,
    },
  );
}

function toEvent(event: FilteredLogEvent): LogEvent {
  return {
    eventId: event.eventId ?? "",
    logStream: event.logStreamName ?? "",
    time: new Date(event.timestamp ?? 0),
    message: event.message ?? "",
  };
}
