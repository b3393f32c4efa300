import { expect, test } from "vitest";
import { LogStreamWriter } from "../../../../src/local/services/lambda/function-log.ts";
import { createLogsService } from "../../../../src/local/services/logs/service.ts";
import { inProcessTarget } from "../in-process-target.ts";

const place = { region: "eu-west-1", group: "/aws/lambda/f", stream: "s" };

/** What is in the log stream after these lines were written. */
async function stored(lines: readonly string[]): Promise<string[]> {
  const local = inProcessTarget([(context) => createLogsService(context, ":memory:")]);
  const writer = new LogStreamWriter(local.target, place);
  for (const line of lines) writer.append(line);
  await writer.close();
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await local.call("logs", "FilterLogEvents", {
      logGroupName: place.group,
      nextToken,
    });
    messages.push(...page.events.map(({ message }: { message: string }) => message));
    nextToken = page.nextToken;
  } while (nextToken);
  return messages;
}

test("lines whose UTF-8 is longer than their text fit into their batches", async () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `${index} ${"語".repeat(400)}`);
  expect(await stored(lines)).toEqual(lines);
});

test.each([
  ["one byte for each character", "x"],
  ["three bytes", "語"],
  ["four bytes, in two UTF-16 units", "😀"],
])("a line beyond the limit of an event goes on in the next: %s", async (_, character) => {
  const long = character.repeat(1_100_000);
  const [first, ...rest] = await stored(["before", long, "after"]);
  expect(first).toBe("before");
  expect(rest.pop()).toBe("after");
  expect(rest.length).toBeGreaterThan(1);
  // Without a matcher: it would print megabytes.
  expect(rest.join("") === long).toBe(true);
});

test.each([
  ["before its first line was written", []],
  ["between its lines", ["first"]],
])("a group that is deleted %s stays deleted", async (_, before) => {
  const local = inProcessTarget([(context) => createLogsService(context, ":memory:")]);
  const logGroupName = place.group;
  await local.call("logs", "CreateLogGroup", { logGroupName });
  const writer = new LogStreamWriter(local.target, place);
  for (const line of before) writer.append(line);
  if (before.length > 0) await writer.flush();
  writer.append("late");
  await local.call("logs", "DeleteLogGroup", { logGroupName });
  await writer.close();
  const { logGroups } = await local.call("logs", "DescribeLogGroups", {});
  expect(logGroups).toEqual([]);
});

test("the first lines of a short life go into a group that is there, and make one that is not", async () => {
  const local = inProcessTarget([(context) => createLogsService(context, ":memory:")]);
  await local.call("logs", "CreateLogGroup", { logGroupName: place.group });
  const writer = new LogStreamWriter(local.target, place);
  writer.append("short");
  await writer.close();
  const { events } = await local.call("logs", "FilterLogEvents", { logGroupName: place.group });
  expect(events).toMatchObject([{ message: "short" }]);
  expect(await stored(["alone"])).toEqual(["alone"]);
});
