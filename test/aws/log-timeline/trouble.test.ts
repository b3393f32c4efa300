import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, onTestFinished, test } from "vitest";

import { connectAws } from "../../../src/aws/connect.ts";
import type { Aws, LogTrouble, TimelineEvent } from "../../../src/aws/ports.ts";
import { cuttingProxy } from "../../helpers/cutting-proxy.ts";
import { startTestTarget } from "../../helpers/local-target.ts";
import type { TestTarget } from "../../helpers/local-target.ts";

const groups = ["/aws/lambda/one", "/aws/lambda/two"];
const streams = 4;
const requests = 64;

async function troubledTarget() {
  const target = await startTestTarget();
  const proxy = await cuttingProxy(target.endpoint);
  onTestFinished(() => proxy.close());
  const aws = connectAws(
    {
      region: "us-east-1",
      profile: undefined,
      endpoint: proxy.endpoint,
      credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
      local: true,
    },
    {},
  );
  const client = target.client(CloudWatchLogsClient);
  for (const logGroupName of groups) {
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    for (let stream = 0; stream < streams; stream += 1) {
      const logStreamName = `stream-${stream}`;
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    }
  }
  return { target, proxy, aws, client };
}

/** Of each number, from the first on, a line of every request; a request writes to one stream of one group. */
async function write(client: CloudWatchLogsClient, first: number, count = 1): Promise<void> {
  for (const [index, logGroupName] of groups.entries()) {
    for (let stream = 0; stream < streams; stream += 1) {
      const own = Array.from({ length: requests }, (_, request) => request).filter(
        (request) => request % 2 === index && Math.floor(request / 2) % streams === stream,
      );
      const timestamp = Date.now();
      const logEvents = Array.from({ length: count }, (_, number) => first + number).flatMap(
        (number) => own.map((request) => ({ timestamp, message: `${request}:${number}` })),
      );
      const logStreamName = `stream-${stream}`;
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
  }
}

/** The numbers that each request's lines came with, in the order in which they came. */
function byRequest(events: readonly TimelineEvent[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { message } of events) {
    const [request = "", number] = message.split(":");
    found.set(request, [...(found.get(request) ?? []), Number(number)]);
  }
  return found;
}

function expectComplete(events: readonly TimelineEvent[], batches: number): void {
  const numbers = Array.from({ length: batches }, (_, number) => number);
  const found = byRequest(events);
  expect(found.size).toBe(requests);
  for (const seen of found.values()) expect(seen).toEqual(numbers);
}

async function makeTrouble({ faults }: TestTarget): Promise<void> {
  const service = "logs";
  await faults.add({ fault: "throttle", service, operation: "FilterLogEvents", every: 5 });
  await faults.add({
    fault: "error",
    service,
    operation: "FilterLogEvents",
    every: 5,
    status: 503,
  });
  await faults.add({
    fault: "reset",
    service,
    operation: "FilterLogEvents",
    every: 11,
    when: "after",
  });
  await faults.add({ fault: "reset", service, operation: "StartLiveTail", every: 2 });
}

/** Follows into `shown` until it holds so many lines. */
async function followInto(
  shown: TimelineEvent[],
  count: number,
  aws: Aws,
  more: { readonly liveTail: boolean; readonly onWay: (way: string) => void },
): Promise<void> {
  const stop = new AbortController();
  const since = new Date(Date.now() - 60_000);
  const query = { logGroups: groups, since, signal: stop.signal, ...more };
  for await (const batch of aws.logTimeline.followed(query)) {
    shown.push(...batch);
    if (shown.length >= count) stop.abort();
  }
}

test.each([true, false])(
  "throttled, broken and cut off, following shows each line once and in order (live tail: %s)",
  async (liveTail) => {
    const batches = 12;
    const { target, proxy, aws, client } = await troubledTarget();
    await makeTrouble(target);
    const ways: string[] = [];
    const onWay = (way: string) => void ways.push(way);
    const shown: TimelineEvent[] = [];
    const following = followInto(shown, requests * batches, aws, { liveTail, onWay });
    for (let number = 0; number < batches; number += 1) {
      await write(client, number);
      if (number % 4 !== 3) continue;
      // Cut off before it began, the next try of a live tail comes after all lines have been polled.
      await expect.poll(() => ways.includes("live"), { timeout: 30_000 }).toBe(liveTail);
      proxy.cut();
      await expect.poll(() => shown.length, { timeout: 30_000 }).toBe(requests * (number + 1));
    }
    await following;
    expectComplete(shown, batches);
    expect(ways.includes("live")).toBe(liveTail);
  },
  60_000,
);

test("throttled and broken, reading what is stored goes on where it was", async () => {
  const batches = 400;
  const { target, aws, client } = await troubledTarget();
  await write(client, 0, batches);
  await makeTrouble(target);
  const troubles: LogTrouble[] = [];
  const shown: TimelineEvent[] = [];
  for await (const batch of aws.logTimeline.stored({
    logGroups: groups,
    since: new Date(0),
    onTrouble: (trouble) => void troubles.push(trouble),
  }))
    shown.push(...batch);
  expectComplete(shown, batches);
  expect(shown.map(({ time }) => time)).toEqual(
    shown.map(({ time }) => time).toSorted((one, other) => one - other),
  );
}, 60_000);

test("trouble that does not pass is told once patience is over", async () => {
  const { target, aws } = await troubledTarget();
  await target.faults.add({
    fault: "access-denied",
    service: "logs",
    operation: "FilterLogEvents",
  });
  const read = async () => {
    for await (const batch of aws.logTimeline.stored({ logGroups: groups, since: new Date(0) }))
      expect(batch).toEqual([]);
  };
  await expect(read()).rejects.toMatchObject({ code: "LMI_ACCESS_DENIED" });
});

test("where live tail is not allowed, polling shows the same", async () => {
  const { target, aws, client } = await troubledTarget();
  await target.faults.add({ fault: "access-denied", service: "logs", operation: "StartLiveTail" });
  const said: string[] = [];
  const shown: TimelineEvent[] = [];
  const following = followInto(shown, requests, aws, {
    liveTail: true,
    onWay: (way) => void said.push(way),
  });
  await write(client, 0);
  await following;
  expectComplete(shown, 1);
  expect(said).toEqual(["polling"]);
});
