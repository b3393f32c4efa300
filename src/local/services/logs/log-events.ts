import type {
  FilterLogEventsRequest,
  GetLogEventsRequest,
  InputLogEvent,
  PutLogEventsRequest,
} from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { parseFilterPattern } from "./filter-pattern.ts";
import type { LiveTail } from "./live-tail.ts";
import type { LogEventRow, LogEventStore, Position, Window } from "./log-event-store.ts";
import { groupKey, type LogGroup, type LogGroups } from "./log-groups.ts";
import { findStream } from "./log-streams.ts";
import { invalidParameter } from "./logs-errors.ts";
import { decodeToken, encodeToken } from "./pages.ts";

/** Source of limits: CloudWatch Logs API reference, PutLogEvents, GetLogEvents, FilterLogEvents. */
const maxBatchEvents = 10_000;
const maxBatchBytes = 1_048_576;
const eventOverheadBytes = 26;
const maxPageEvents = 10_000;
const maxPageBytes = 1_048_576;
const day = 86_400_000;
/** A page ends after so many looked at, found or not, so that one request never holds up the others for long. */
const maxScanned = 100_000;

export function eventOperations(
  target: TargetContext,
  groups: LogGroups,
  events: LogEventStore,
  tail: LiveTail,
): Record<string, Operation> {
  return {
    async PutLogEvents(input: PutLogEventsRequest, context: CallContext) {
      const group = groups.find(context, input.logGroupName);
      const key = groupKey(context, group.name);
      const stream = findStream(events, key, input.logStreamName);
      const batch = input.logEvents ?? [];
      checkBatch(batch);
      const now = target.clock.now().getTime();
      const { accepted, rejected } = sortOut(batch, group, now);
      if (accepted.length > 0) {
        events.append(key, stream, accepted, now);
        tail.publish(key, stream.name, accepted, now);
      }
      return { nextSequenceToken: "0".repeat(56), rejectedLogEventsInfo: rejected };
    },

    GetLogEvents: async (input: GetLogEventsRequest, context: CallContext) => {
      const group = groups.find(context, input.logGroupIdentifier ?? input.logGroupName);
      const stream = findStream(events, groupKey(context, group.name), input.logStreamName);
      // endTime is excluded here, and included in FilterLogEvents: so says the API reference.
      const window = windowOf(group, input.startTime, (input.endTime ?? forever + 1) - 1, target);
      return getLogEvents(input, (position, direction) =>
        events.eventsOfStream(stream, window, position, direction),
      );
    },

    FilterLogEvents: async (input: FilterLogEventsRequest, context: CallContext) => {
      const group = groups.find(context, input.logGroupIdentifier ?? input.logGroupName);
      const key = groupKey(context, group.name);
      const window = windowOf(group, input.startTime, input.endTime, target);
      for (const name of input.logStreamNames ?? []) findStream(events, key, name);
      return filterLogEvents(input, (after) => events.eventsOfGroup(key, window, after));
    },
  };
}

function checkBatch(batch: readonly InputLogEvent[]): void {
  if (batch.length === 0)
    throw invalidParameter(
      "1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (batch.length > maxBatchEvents)
    throw invalidParameter(
      `Log events in a single PutLogEvents request must not exceed ${maxBatchEvents}.`,
    );
  let bytes = 0;
  let previous = 0;
  for (const { message = "", timestamp = 0 } of batch) {
    if (message === "") throw invalidParameter("Log event message must not be empty.");
    if (timestamp < previous)
      throw invalidParameter(
        "Log events in a single PutLogEvents request must be in chronological order.",
      );
    previous = timestamp;
    bytes += Buffer.byteLength(message) + eventOverheadBytes;
  }
  const first = batch[0]?.timestamp ?? 0;
  if (previous - first > day)
    throw invalidParameter(
      "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    );
  if (bytes > maxBatchBytes)
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${maxBatchBytes}`);
}

/** Events more than two hours ahead, 14 days old or older than the group's retention are refused one by one. */
function sortOut(
  batch: readonly InputLogEvent[],
  group: LogGroup,
  now: number,
): {
  readonly accepted: { readonly timestamp: number; readonly message: string }[];
  readonly rejected: object | undefined;
} {
  const oldest = now - 14 * day;
  const expired = now - (group.retentionInDays ?? 36_500) * day;
  const tooNew = batch.findIndex(({ timestamp = 0 }) => timestamp > now + 7_200_000);
  const tooOld = batch.findLastIndex(({ timestamp = 0 }) => timestamp < oldest);
  const expiredIndex = batch.findLastIndex(({ timestamp = 0 }) => timestamp < expired);
  const start = Math.max(tooOld, expiredIndex) + 1;
  const accepted = batch
    .slice(start, tooNew === -1 ? undefined : tooNew)
    .map(({ timestamp = 0, message = "" }) => ({ timestamp, message }));
  if (accepted.length === batch.length) return { accepted, rejected: undefined };
  return {
    accepted,
    rejected: {
      tooNewLogEventStartIndex: tooNew === -1 ? undefined : tooNew,
      tooOldLogEventEndIndex: tooOld === -1 ? undefined : tooOld + 1,
      expiredLogEventEndIndex: expiredIndex === -1 ? undefined : expiredIndex + 1,
    },
  };
}

const forever = Number.MAX_SAFE_INTEGER - 1;

function windowOf(
  group: LogGroup,
  from: number | undefined,
  to: number | undefined,
  target: TargetContext,
): Window {
  const kept =
    group.retentionInDays === undefined
      ? 0
      : target.clock.now().getTime() - group.retentionInDays * day;
  return { from: Math.max(from ?? 0, kept), to: to ?? forever };
}

interface EventToken extends Position {
  readonly direction: "forward" | "backward";
}

function getLogEvents(
  input: GetLogEventsRequest,
  read: (
    position: Position | undefined,
    direction: "forward" | "backward",
  ) => Iterable<LogEventRow>,
): object {
  const token = decodeToken<EventToken>(
    input.nextToken,
    ({ timestamp, id }) => Number.isFinite(timestamp) && Number.isInteger(id),
  );
  const direction = token?.direction ?? (input.startFromHead ? "forward" : "backward");
  const found = takePage(read(token, direction), input.limit ?? maxPageEvents);
  const rows = direction === "backward" ? found.toReversed() : found;
  const first = rows[0] ?? token ?? { timestamp: 0, id: 0 };
  const last = rows.at(-1) ?? token ?? { timestamp: 0, id: 0 };
  // At the end both tokens stay as they were: that is how a reader knows.
  return {
    events: rows.map(({ timestamp, message, ingested }) => ({
      timestamp,
      message,
      ingestionTime: ingested,
    })),
    nextForwardToken: encodeToken({ direction: "forward", timestamp: last.timestamp, id: last.id }),
    nextBackwardToken: encodeToken({
      direction: "backward",
      timestamp: first.timestamp,
      id: first.id,
    }),
  };
}

function takePage(rows: Iterable<LogEventRow>, limit: number): LogEventRow[] {
  const page: LogEventRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += Buffer.byteLength(row.message) + eventOverheadBytes;
    if (page.length > 0 && (page.length >= limit || bytes > maxPageBytes)) break;
    page.push(row);
  }
  return page;
}

function filterLogEvents(
  input: FilterLogEventsRequest,
  read: (after: Position | undefined) => Iterable<LogEventRow>,
): object {
  if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter("Log stream names and log stream name prefix cannot both be specified.");
  }
  const matches = parseFilterPattern(input.filterPattern);
  const names = input.logStreamNames && new Set(input.logStreamNames);
  const wanted = ({ stream, message }: LogEventRow) =>
    (names?.has(stream) ?? true) &&
    stream.startsWith(input.logStreamNamePrefix ?? "") &&
    matches(message);
  const limit = Math.min(input.limit ?? maxPageEvents, maxPageEvents);
  const after = decodeToken<Position>(
    input.nextToken,
    ({ timestamp, id }) => Number.isFinite(timestamp) && Number.isInteger(id),
  );
  const { found, more, last } = scan(read(after), wanted, limit);
  return {
    events: found.map(filteredEvent),
    searchedLogStreams: [],
    nextToken: more && last ? encodeToken({ timestamp: last.timestamp, id: last.id }) : undefined,
  };
}

interface Scan {
  readonly found: readonly LogEventRow[];
  /** Whether the rows go on after the last one looked at. */
  readonly more: boolean;
  readonly last: Position | undefined;
}

function scan(
  rows: Iterable<LogEventRow>,
  wanted: (row: LogEventRow) => boolean,
  limit: number,
): Scan {
  const found: LogEventRow[] = [];
  let bytes = 0;
  let scanned = 0;
  let last: Position | undefined;
  for (const row of rows) {
    const size = Buffer.byteLength(row.message) + eventOverheadBytes;
    const full = found.length >= limit || (found.length > 0 && bytes + size > maxPageBytes);
    if (full || scanned >= maxScanned) return { found, more: true, last };
    scanned += 1;
    last = row;
    if (!wanted(row)) continue;
    found.push(row);
    bytes += size;
  }
  return { found, more: false, last };
}

const zeros = "0".repeat(28);

function padded(number: number): string {
  const digits = String(number);
  return zeros.slice(digits.length) + digits;
}

function filteredEvent({ id, stream, timestamp, ingested, message }: LogEventRow): object {
  // AWS's ids are 56 digits, unique and in order of time; so are these.
  const eventId = padded(timestamp) + padded(id);
  return { logStreamName: stream, timestamp, message, ingestionTime: ingested, eventId };
}
