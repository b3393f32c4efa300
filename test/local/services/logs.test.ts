import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  paginateFilterLogEvents,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  StartLiveTailCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { beforeEach, expect, test } from "vitest";
import { startTestTarget, type TestTarget } from "../../helpers/local-target.ts";

const group = "/aws/lambda/f";
const start = Date.parse("2026-11-23T10:00:00Z");
let now = start;
let target: TestTarget;
let logs: CloudWatchLogsClient;

/** Sleeps until somebody wakes it: time stands still here. */
const sleep = (_milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });

beforeEach(async () => {
  now = start;
  target = await startTestTarget({ manual: true, clock: { now: () => new Date(now), sleep } });
  logs = target.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: group, tags: { a: "b" } }));
  for (const logStreamName of ["one", "two"]) {
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
  }
  return () => target.close();
});

const put = (logStreamName: string, ...events: [offset: number, message: string][]) =>
  logs.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName,
      logEvents: events.map(([offset, message]) => ({ timestamp: start + offset, message })),
    }),
  );

const filter = async (input: object = {}) => {
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: group, ...input }),
  );
  return events.map(({ message }) => message);
};

/** Numbers as messages, 1500 an offset: more in a millisecond than are read at once. */
async function putMany(offsets: readonly number[], streamOf: (index: number) => string) {
  for (const [index, offset] of offsets.entries()) {
    const numbers = Array.from({ length: 1500 }, (_, more) => String(index * 1500 + more));
    await put(streamOf(index), ...numbers.map((number): [number, string] => [offset, number]));
  }
}

test("thousands of events of one millisecond come once each, in order, on pages of any size", async () => {
  await putMany([1, 2, 2, 2, 3], (index) => (index % 2 === 0 ? "one" : "two"));
  const seen: (string | undefined)[] = [];
  for await (const page of paginateFilterLogEvents(
    { client: logs, pageSize: 997 },
    { logGroupName: group },
  ))
    seen.push(...(page.events ?? []).map(({ message }) => message));
  expect(seen).toEqual(Array.from({ length: 7500 }, (_, index) => String(index)));
});

test("thousands of events of one millisecond of a stream are read backwards, too", async () => {
  await putMany([1, 2, 2, 3], () => "one");
  const seen: (string | undefined)[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const { events = [], nextBackwardToken } = await logs.send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName: "one", limit: 701, nextToken }),
    );
    if (events.length === 0) break;
    seen.unshift(...events.map(({ message }) => message));
    nextToken = nextBackwardToken;
  }
  expect(seen).toEqual(Array.from({ length: 6000 }, (_, index) => String(index)));
});

test("events of all streams come in the order of their time, filtered by pattern, stream and time", async () => {
  await put("one", [1, "a ERROR"], [3, "c"]);
  await put("two", [2, "b"], [4, "d ERROR"]);
  expect(await filter()).toEqual(["a ERROR", "b", "c", "d ERROR"]);
  expect(await filter({ filterPattern: "ERROR" })).toEqual(["a ERROR", "d ERROR"]);
  expect(await filter({ logStreamNames: ["two"] })).toEqual(["b", "d ERROR"]);
  expect(await filter({ logStreamNamePrefix: "on" })).toEqual(["a ERROR", "c"]);
  expect(await filter({ startTime: start + 2, endTime: start + 3 })).toEqual(["b", "c"]);
});

test("pages end nowhere in the middle: every event comes once", async () => {
  const many = Array.from({ length: 25 }, (_, index): [number, string] => [
    Math.floor(index / 10),
    `m${index}`,
  ]);
  await put("one", ...many);
  const seen: string[] = [];
  for await (const page of paginateFilterLogEvents(
    { client: logs, pageSize: 4 },
    { logGroupName: group, limit: 4 },
  )) {
    expect(page.events?.length).toBeLessThanOrEqual(4);
    seen.push(...(page.events ?? []).map(({ message }) => message ?? ""));
  }
  expect(seen).toEqual(many.map(([, message]) => message));
});

const read = async (input: object) => {
  const command = new GetLogEventsCommand({
    logGroupName: group,
    logStreamName: "one",
    limit: 2,
    ...input,
  });
  const { events = [], nextForwardToken, nextBackwardToken } = await logs.send(command);
  return { messages: events.map(({ message }) => message), nextForwardToken, nextBackwardToken };
};

test("a stream is read from its head or its tail, and at the end the token stays", async () => {
  await put("one", [1, "a"], [2, "b"], [3, "c"]);
  const tail = await read({});
  expect(tail.messages).toEqual(["b", "c"]);
  expect((await read({ nextToken: tail.nextBackwardToken })).messages).toEqual(["a"]);
  const head = await read({ startFromHead: true });
  expect(head.messages).toEqual(["a", "b"]);
  const rest = await read({ nextToken: head.nextForwardToken });
  expect(rest.messages).toEqual(["c"]);
  const end = await read({ nextToken: rest.nextForwardToken });
  expect(end).toMatchObject({ messages: [], nextForwardToken: rest.nextForwardToken });
});

test("what is too old, too new or out of order is refused as on AWS", async () => {
  const day = 86_400_000;
  const { rejectedLogEventsInfo } = await put("one", [-15 * day, "too old"]);
  expect(rejectedLogEventsInfo).toMatchObject({ tooOldLogEventEndIndex: 1 });
  expect(await put("one", [0, "ok"], [7_200_001, "too new"])).toMatchObject({
    rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 },
  });
  await expect(put("one", [2, "b"], [1, "a"])).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await expect(put("none", [0, "a"])).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "The specified log stream does not exist.",
  });
  expect(await filter()).toEqual(["ok"]);
});

test("retention hides what is older, and groups tell their settings", async () => {
  await put("one", [0, "old"]);
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 }));
  expect(await filter()).toEqual(["old"]);
  now += 86_400_001;
  expect(await filter()).toEqual([]);
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws" }),
  );
  expect(logGroups).toMatchObject([
    { logGroupName: group, retentionInDays: 1, creationTime: start, storedBytes: 3 },
  ]);
  const resourceArn = logGroups[0]?.logGroupArn;
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({
    a: "b",
  });
  await expect(
    logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 8 })),
  ).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("a group that exists is not made again; a deleted one takes streams and events with it", async () => {
  await put("one", [1, "a"]);
  const create = () => logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await expect(create()).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));
  expect(logStreams).toMatchObject([
    { logStreamName: "one", lastEventTimestamp: start + 1 },
    { logStreamName: "two" },
  ]);
  await logs.send(new DeleteLogGroupCommand({ logGroupName: group }));
  await expect(filter()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await create();
  expect(await filter()).toEqual([]);
});

test("live tail hands on what matches as it arrives", async () => {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const { responseStream } = await logs.send(
    new StartLiveTailCommand({
      logGroupIdentifiers: [logGroups[0]?.logGroupArn ?? ""],
      logEventFilterPattern: "ERROR",
    }),
  );
  const stream = responseStream?.[Symbol.asyncIterator]();
  expect((await stream?.next())?.value).toMatchObject({
    sessionStart: { logEventFilterPattern: "ERROR" },
  });
  await put("one", [1, "fine"], [2, "ERROR x"]);
  expect((await stream?.next())?.value).toMatchObject({
    sessionUpdate: {
      sessionResults: [{ message: "ERROR x", logStreamName: "one", timestamp: start + 2 }],
    },
  });
});
