import { describe, expect, test } from "vitest";
import type { Aws, LogEvent, LogQuery } from "../../src/aws/ports.ts";
import { type Activation, watchActivation } from "../../src/deploy/watch-activation.ts";
import { LmiError } from "../../src/errors.ts";
import { type FakeAccount, fakeAccount, fakeContext, publishedState } from "./fake-aws.ts";

const arn = "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:hello";
const began = new Date("2026-01-01T00:00:00Z");

/** What stands in a log group, by group; a code of an error instead. */
type Groups = Readonly<
  Record<string, readonly (readonly [stream: string, line: object])[] | string>
>;

function withLogs(aws: Aws, groups: Groups): Aws {
  async function* events({ logGroup, filter = "" }: LogQuery): AsyncGenerator<LogEvent> {
    const found = groups[logGroup];
    if (typeof found === "string") throw new LmiError(found as "LMI_X", "no");
    if (found === undefined) throw new LmiError("LMI_LOG_GROUP_NOT_FOUND", "none");
    for (const [at, [logStream, line]] of found.entries()) {
      const message = JSON.stringify(line);
      if (filter === "" || message.includes("platform.initReport"))
        yield { eventId: String(at), logStream, time: began, message };
    }
  }
  return { ...aws, logs: { ...aws.logs, events } };
}

const initReport = (status: string) => ({ type: "platform.initReport", record: { status } });
const providerLine = (operation: string, instanceId: string) => ({
  timestamp: "2026-01-01T00:01:00Z",
  level: "INFO",
  message: operation,
  operation,
  metadata: { instanceId, instanceTypes: ["m7i.large"], availabilityZones: ["eu-west-1a"] },
});

async function lookOnce(groups: Groups, change: Partial<FakeAccount> = {}): Promise<Activation> {
  const published = publishedState({ capacityProviderArn: arn, logGroup: "/fn", state: "Pending" });
  const account = fakeAccount({ published, providerProperties: {}, ...change });
  const over = new AbortController();
  const context = fakeContext(account, () => over.abort(), over.signal);
  const looks: Activation[] = [];
  const watch = watchActivation({ ...context, aws: withLogs(context.aws, groups) }, (look) =>
    looks.push(look),
  );
  watch.add("hello", began);
  await watch.end();
  const [first] = looks;
  if (first === undefined) throw new Error("nobody looked");
  return first;
}

const providerGroup = "/aws/lambda/capacity-provider/hello";

describe("a function on its way to an active version", () => {
  test("instances come from EC2 and from the provider's log, environments from the function's log", async () => {
    const running = {
      instanceId: "i-2",
      instanceType: "m7i.xlarge",
      availabilityZone: "eu-west-1b",
      state: "running",
      launchTime: new Date("2025-12-31T00:00:00Z"),
    };
    const seen = await lookOnce(
      {
        [providerGroup]: [
          ["s", providerLine("Launching", "i-1")],
          ["s", providerLine("Launching", "i-3")],
          ["s", providerLine("Terminating", "i-3")],
        ],
        "/fn": [
          ["a", initReport("success")],
          ["a", initReport("success")],
          ["b", initReport("error")],
          ["c", { type: "platform.start" }],
        ],
      },
      { instances: [running] },
    );
    expect(seen.instances).toEqual([
      { instanceId: "i-1", type: "m7i.large", zone: "eu-west-1a", isRunning: false, isNew: true },
      { instanceId: "i-2", type: "m7i.xlarge", zone: "eu-west-1b", isRunning: true, isNew: false },
    ]);
    expect(seen.events.map(({ operation }) => operation)).toEqual([
      "Launching",
      "Launching",
      "Terminating",
    ]);
    expect(seen.functions).toMatchObject([
      { functionName: "hello", ready: 1, version: { state: "Pending" } },
    ]);
  });

  test("what may not be read is left out and fails nothing", async () => {
    const seen = await lookOnce({
      [providerGroup]: "LMI_ACCESS_DENIED",
      "/fn": "LMI_ACCESS_DENIED",
    });
    expect(seen.events).toEqual([]);
    expect(seen.functions).toMatchObject([{ ready: undefined }]);
  });

  test("a log that is not there yet counts nothing", async () => {
    expect(await lookOnce({})).toMatchObject({ instances: [], functions: [{ ready: 0 }] });
  });
});

const at = (seconds: number) => new Date(began.getTime() + seconds * 1000);

function watching(events: (query: LogQuery, look: number) => AsyncIterable<LogEvent>) {
  const published = publishedState({ capacityProviderArn: undefined, logGroup: "/fn" });
  const over = new AbortController();
  const queries: LogQuery[] = [];
  const context = fakeContext(fakeAccount({ published }));
  const logs = {
    ...context.aws.logs,
    events: (query: LogQuery) => events(query, queries.push(query)),
  };
  const looks: Activation[] = [];
  const watch = watchActivation(
    { ...context, aws: { ...context.aws, logs }, signal: over.signal },
    (look) => looks.push(look),
  );
  return { watch, looks, queries };
}

describe("the log of a function that answers meanwhile", () => {
  test("is read on from what was seen, a bounded part at a time", async () => {
    let third: (() => void) | undefined;
    const looked = new Promise<void>((resolve) => (third = resolve));
    const { watch, looks, queries } = watching(async function* (_, look) {
      const message = JSON.stringify(initReport("success"));
      yield {
        eventId: String(look),
        logStream: `s${Math.min(look, 3)}`,
        time: at(look * 60),
        message,
      };
      if (look === 3) third?.();
    });
    watch.add("hello", began);
    await looked;
    await watch.end();
    expect(queries.slice(0, 3).map(({ since }) => since)).toEqual([at(0), at(30), at(90)]);
    expect(queries.every(({ pages, signal }) => pages === 20 && signal !== undefined)).toBe(true);
    expect(looks.at(-1)?.functions).toMatchObject([{ ready: 3 }]);
  });

  test("that does not end is left when the watch ends", async () => {
    let begun: (() => void) | undefined;
    const reading = new Promise<void>((resolve) => (begun = resolve));
    const { watch, looks, queries } = watching(async function* (_, look) {
      begun?.();
      if (look === 1) await new Promise<never>(() => undefined);
      yield* [];
    });
    watch.add("hello", began);
    await reading;
    await watch.end();
    expect(queries[0]?.signal?.aborted).toBe(true);
    expect(looks).toHaveLength(1);
  });
});
