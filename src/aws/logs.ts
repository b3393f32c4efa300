import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";

import { LmiError } from "../errors.ts";
import { explainHere } from "./explain.ts";
import type { LogsConnection } from "./logs-client.ts";
import type { LogEvent, LogQuery, Logs } from "./ports.ts";
import type { AwsTarget } from "./target.ts";

export function createLogs(target: AwsTarget, logs: LogsConnection): Logs {
  return { events: (query) => events(query, target, logs) };
}

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
