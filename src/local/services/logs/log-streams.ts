import type {
  CreateLogStreamRequest,
  DeleteLogStreamRequest,
  DescribeLogStreamsRequest,
} from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { groupArn, groupKey, invalidName, type LogGroups } from "./log-groups.ts";
import type { LogEventStore, LogStreamRow } from "./log-event-store.ts";
import { alreadyExists, invalidParameter, noSuchStream } from "./logs-errors.ts";
import { page } from "./pages.ts";

export function findStream(
  events: LogEventStore,
  group: string,
  name: string | undefined,
): LogStreamRow {
  const stream = events.stream(group, name ?? "");
  if (stream === undefined) throw noSuchStream();
  return stream;
}

export function streamOperations(
  target: TargetContext,
  groups: LogGroups,
  events: LogEventStore,
): Record<string, Operation> {
  return {
    async CreateLogStream(input: CreateLogStreamRequest, context: CallContext) {
      const group = groupKey(context, groups.find(context, input.logGroupName).name);
      const name = input.logStreamName ?? "";
      if (!/^[^:*]{1,512}$/s.test(name)) throw invalidName("logStreamName", name, "[^:*]*");
      if (events.stream(group, name) !== undefined) throw alreadyExists("log stream");
      events.addStream(group, name, target.clock.now().getTime());
      return {};
    },

    async DeleteLogStream(input: DeleteLogStreamRequest, context: CallContext) {
      const group = groupKey(context, groups.find(context, input.logGroupName).name);
      events.removeStream(findStream(events, group, input.logStreamName).id);
      return {};
    },

    async DescribeLogStreams(input: DescribeLogStreamsRequest, context: CallContext) {
      const { name } = groups.find(context, input.logGroupIdentifier ?? input.logGroupName);
      const byTime = input.orderBy === "LastEventTime";
      if (byTime && input.logStreamNamePrefix) {
        throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
      }
      const matching = events
        .streams(groupKey(context, name))
        .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ""));
      const ordered = byTime
        ? matching.toSorted((left, right) => (left.lastEvent ?? 0) - (right.lastEvent ?? 0))
        : matching;
      const { items, nextToken } = page(
        input.descending ? ordered.toReversed() : ordered,
        input.nextToken,
        input.limit ?? 50,
      );
      const arn = groupArn(context, name);
      return { logStreams: items.map((stream) => describeStream(stream, arn)), nextToken };
    },
  };
}

function describeStream(stream: LogStreamRow, arnOfGroup: string): object {
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    firstEventTimestamp: stream.firstEvent,
    lastEventTimestamp: stream.lastEvent,
    lastIngestionTime: stream.lastIngestion,
    // The API has needed no sequence tokens since 2023 but still gives one.
    uploadSequenceToken: "0".repeat(56),
    arn: `${arnOfGroup}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}
