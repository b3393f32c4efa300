import { describe, expect, test } from "vitest";
import type { Aws, LogEvent, LogQuery } from "../../src/aws/ports.ts";
import { providerEvents, providerLogGroup } from "../../src/deploy/provider-log.ts";
import { LmiError } from "../../src/errors.ts";
import { fakeAccount, fakeAws } from "./fake-aws.ts";

const arn = "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:hello";
const since = new Date("2026-01-01T00:00:00Z");

/** As the Lambda developer guide shows it (lambda-managed-instances-monitoring-system-log-format). */
function line(operation: string, timestamp: string, more: Readonly<Record<string, unknown>> = {}) {
  return JSON.stringify({
    timestamp,
    level: operation === "LaunchFailed" ? "WARN" : "INFO",
    message: `${operation} instance i-1`,
    operation,
    metadata: {
      instanceId: "i-1",
      availabilityZones: ["eu-west-1a"],
      instanceTypes: ["m7i.xlarge"],
      capacityProviderArn: arn,
    },
    ...more,
  });
}

async function denied(): Promise<never> {
  throw new LmiError("LMI_ACCESS_DENIED", "no");
}

function logs(answer: readonly string[] | Error): { aws: Aws; queries: LogQuery[] } {
  const queries: LogQuery[] = [];
  async function* events(query: LogQuery): AsyncGenerator<LogEvent> {
    queries.push(query);
    if (answer instanceof Error) throw answer;
    for (const [at, message] of answer.entries())
      yield { eventId: String(at), logStream: "s", time: new Date(at), message };
  }
  const aws = { ...fakeAws(fakeAccount()), logs: { events, follow: events } };
  return { aws, queries };
}

describe("the provider's log", () => {
  test("tells what happened to which instance, oldest first", async () => {
    const { aws, queries } = logs([
      line("Launched", "2026-01-01T00:01:06Z"),
      line("Launching", "2026-01-01T00:00:02Z"),
    ]);
    const events = await providerEvents({ logGroup: "/g", since }, aws);
    expect(queries).toEqual([{ logGroup: "/g", since }]);
    expect(events).toEqual([
      {
        eventId: "1",
        time: new Date("2026-01-01T00:00:02Z"),
        level: "INFO",
        message: "Launching instance i-1",
        operation: "Launching",
        instanceId: "i-1",
        types: ["m7i.xlarge"],
        zones: ["eu-west-1a"],
        capacityProviderArn: arn,
      },
      expect.objectContaining({ operation: "Launched" }),
    ]);
  });

  test("a launch that failed has no instance, an unknown event no operation, and the rest is left out", async () => {
    const { aws } = logs([
      line("LaunchFailed", "not a time", { metadata: { availabilityZones: [null] } }),
      line("Rebooted", "2026-01-01T00:00:02Z"),
      "no JSON",
      '"a text"',
      "null",
    ]);
    const events = await providerEvents({ logGroup: "/g", since }, aws);
    expect(events).toMatchObject([
      {
        operation: "LaunchFailed",
        level: "WARN",
        instanceId: undefined,
        types: [],
        zones: [],
        time: new Date(0),
      },
      { operation: undefined, message: "Rebooted instance i-1" },
    ]);
    expect(events).toHaveLength(2);
  });

  test.each([
    ["LMI_LOG_GROUP_NOT_FOUND", []],
    ["LMI_ACCESS_DENIED", undefined],
    ["LMI_THROTTLED", undefined],
  ] as const)("%s is no failure", async (code, expected) => {
    const { aws } = logs(new LmiError(code, "no"));
    expect(await providerEvents({ logGroup: "/g", since }, aws)).toEqual(expected);
  });

  test("an interruption is one", async () => {
    const { aws } = logs(new DOMException("stop", "AbortError"));
    await expect(providerEvents({ logGroup: "/g", since }, aws)).rejects.toThrow("stop");
  });
});

describe("where a provider writes to", () => {
  test.each([
    [{ TelemetryConfig: { LoggingConfig: { LogGroup: "/own" } } }, "/own"],
    [{}, "/aws/lambda/capacity-provider/hello"],
    [undefined, undefined],
  ])("%o: %s", async (providerProperties, expected) => {
    expect(await providerLogGroup(arn, fakeAws(fakeAccount({ providerProperties })))).toBe(
      expected,
    );
  });

  test("is not known where nobody may look", async () => {
    const aws = fakeAws(fakeAccount());
    const capacityProviders = { ...aws.capacityProviders, properties: denied };
    expect(await providerLogGroup(arn, { capacityProviders })).toBeUndefined();
  });
});
