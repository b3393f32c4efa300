import type {
  FilteredLogEvent,
  FilterLogEventsCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";

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
    let left = query.pages ?? Number.POSITIVE_INFINITY;
    do {
      const command = new sdk.FilterLogEventsCommand({
        ...input(query),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      // Each page names the next
      const page = await client.send(command, query.signal ? { abortSignal: query.signal } : {});
      yield* (page.events ?? []).map(toEvent);
      nextToken = page.nextToken;
      left -= 1;
    } while (nextToken !== undefined && left > 0);
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
      throw noSuchGroup(query.logGroup, target, error);
    }
    throw await explainHere(error, target);
  }
}

function input({ logGroup, since, until, filter }: LogQuery): FilterLogEventsCommandInput {
  return {
    logGroupName: logGroup,
    ...(since ? { startTime: since.getTime() } : {}),
    ...(until ? { endTime: until.getTime() } : {}),
    ...(filter ? { filterPattern: filter } : {}),
  };
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
