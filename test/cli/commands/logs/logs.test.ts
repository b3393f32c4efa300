import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

import { LmiError } from "../../../../src/errors.ts";
import { readTime } from "../../../../src/cli/commands/logs/read-time.ts";
import { event, functionGroup, line, logs, providerGroup, report, shown } from "./logs-fixture.ts";

const provider = (message: string) =>
  event(
    JSON.stringify({
      level: "INFO",
      message,
      operation: "Launched",
      metadata: { instanceId: "i-1", instanceTypes: ["m7i.xlarge"], capacityProviderArn: "arn" },
    }),
    { logGroup: providerGroup },
  );

describe("whose lines", () => {
  test("the function's and the provider's, of the last ten minutes", async () => {
    const { run, reporter, queries, asked } = await logs({}, [
      event("plain text\n"),
      provider("Launched instance i-1"),
    ]);
    await run;
    expect(queries).toMatchObject([
      { logGroups: [functionGroup, providerGroup], since: new Date("2026-11-23T11:50:00Z") },
    ]);
    expect(reporter.stdout).toBe(
      "11:59:07.123                 plain text\n" +
        "11:59:07.123 INFO  provider  Launched instance i-1  m7i.xlarge\n",
    );
    // The answer was there: nobody needs to know more of the function.
    expect(asked).toEqual([]);
  });

  const settings = {
    functions: { orders: {}, payments: {} },
    capacityProviders: { big: {} },
    environments: { prod: {} },
  };

  test("all functions and providers of a project, each with its name", async () => {
    const { run, reporter, queries } = await logs(
      { env: "prod" },
      [
        event('{"level":"INFO","requestId":"abcdef12-3","message":"m"}', {
          logGroup: "/aws/lambda/orders-prod",
        }),
        event('{"level":"INFO","message":"p"}', {
          logGroup: "/aws/lambda/capacity-provider/lmi-hello-prod-big",
        }),
      ],
      { settings },
    );
    await run;
    expect(queries[0]?.logGroups).toEqual([
      "/aws/lambda/orders-prod",
      "/aws/lambda/payments-prod",
      "/aws/lambda/capacity-provider/lmi-hello-prod",
      "/aws/lambda/capacity-provider/lmi-hello-prod-big",
    ]);
    expect(reporter.stdout).toBe(
      "11:59:07.123 INFO  abcdef12  orders-prod    m\n" +
        "11:59:07.123 INFO  provider  big       p\n",
    );
  });

  test.each([
    [{ function: "orders" }, ["/aws/lambda/orders"]],
    [
      { provider: true },
      ["/aws/lambda/capacity-provider/lmi-hello", "/aws/lambda/capacity-provider/lmi-hello-big"],
    ],
    [{ failedOnly: true }, ["/aws/lambda/orders", "/aws/lambda/payments"]],
    [{ requestId: "abcd1234" }, ["/aws/lambda/orders", "/aws/lambda/payments"]],
  ])("%o reads those alone", async (given, expected) => {
    const { run, queries } = await logs(given, [], { settings });
    await run;
    expect(queries[0]?.logGroups).toEqual(expected);
  });

  test("a function that logs elsewhere is looked for there once its usual group is silent", async () => {
    const { run, reporter, queries } = await logs({}, [event("one", { logGroup: "/mine" })], {
      missing: [functionGroup],
      logGroup: "/mine",
    });
    await run;
    expect(queries.map(({ logGroups }) => logGroups)).toEqual([
      [functionGroup, providerGroup],
      ["/mine"],
    ]);
    expect(reporter.stdout).toContain("one");
  });

  test("followed, it is looked for before", async () => {
    const { run, queries } = await logs({ follow: true }, [], { logGroup: "/mine" });
    await run;
    expect(queries.map(({ logGroups }) => logGroups)).toEqual([["/mine", providerGroup]]);
  });

  test("no group at all: nothing is deployed", async () => {
    const { run } = await logs({}, [], { missing: [functionGroup, providerGroup] });
    await expect(run).rejects.toMatchObject({
      code: "LMI_LOG_GROUP_NOT_FOUND",
      next: "Deploy it: lmi deploy",
    });
  });
});

test("a function that neither the settings nor the logs have is a slip of the pen", async () => {
  const missing = ["/aws/lambda/nosuch"];
  const { run } = await logs({ function: "nosuch" }, [], { missing });
  await expect(run).rejects.toMatchObject({ code: "LMI_FUNCTION_NOT_FOUND", exitCode: 2 });
});

describe("following what has no log group", () => {
  const nosuch = { function: "nosuch", follow: true };
  const missing = ["/aws/lambda/nosuch", functionGroup];

  test("a function that neither the settings nor AWS have is not waited for", async () => {
    const { run } = await logs(nosuch, [], { missing, hasFunctions: false });
    await expect(run).rejects.toMatchObject({ code: "LMI_FUNCTION_NOT_FOUND", exitCode: 2 });
  });

  test.each([
    [nosuch, true],
    [{ function: "my-managed-instance-function", follow: true }, false],
    [{ follow: true }, false],
  ])("%o, with functions at AWS: %s, is waited for", async (given, hasFunctions) => {
    const { run, reporter } = await logs(given, [], { missing, hasFunctions });
    await run;
    expect(reporter.said.join("\n")).toContain("it is looked for again");
  });
});

test("--json leaves the message untouched", async () => {
  const message = '{"level":"INFO","message":"a"}\n';
  const text = await shown({ json: true }, [event(message)]);
  expect(JSON.parse(text)).toEqual({
    v: 1,
    type: "log",
    time: "2026-11-23T11:59:07.123Z",
    logGroup: functionGroup,
    logStream: "stream",
    source: "function",
    name: "my-managed-instance-function",
    message,
  });
});

test("Ctrl-C while following is no failure: the lines so far stand", async () => {
  const { run, reporter } = await logs({ follow: true }, [event("one")]);
  await run;
  expect(reporter.stdout).toContain("one");
});

test("nothing found is said on stderr", async () => {
  const { run, reporter } = await logs({ level: "warn", until: "2026-11-23T11:59:00Z" }, []);
  await run;
  expect(reporter.said).toEqual([
    `info No lines that match in ${functionGroup}, ${providerGroup} since 2026-11-23T11:49:00.000Z until 2026-11-23T11:59:00.000Z.`,
  ]);
});

test("no lines at all may mean that the subnets have no way out", async () => {
  const { run, reporter } = await logs({}, []);
  await run;
  expect(reporter.said).toEqual([
    expect.stringMatching(/^info No lines in /),
    expect.stringContaining("has no way from its subnets to"),
  ]);
});

test.each([{ failedOnly: true }, { group: true, level: "fatal" }])(
  "lines that %o leaves out are no sign of a missing way out",
  async (given) => {
    const { run, reporter } = await logs(given, [line("aaaaaaaa-1", "a1")]);
    await run;
    expect(reporter.said).toEqual([expect.stringMatching(/^info No lines that match in /)]);
  },
);

test("a pattern that CloudWatch does not take is the user's to mend", async () => {
  const refused = new LmiError("LMI_AWS_ERROR", "answered (400): Invalid filter pattern", {
    details: { awsError: "InvalidParameterException" },
  });
  const stored = () => {
    throw refused;
  };
  const { run } = await logs({ filter: "{ $.level" }, [], { stored });
  await expect(run).rejects.toMatchObject({
    code: "LMI_USAGE",
    exitCode: 2,
    message: "CloudWatch does not understand --filter { $.level",
    why: expect.stringContaining("Invalid filter pattern"),
  });
});

test("a batch waits until stdout has room", async () => {
  const happened: string[] = [];
  const { run } = await logs({}, [], {
    system: { stdoutDrained: async () => void happened.push("drained") },
    stored: async function* () {
      yield [event("one")];
      happened.push("asked for more");
      yield [event("two")];
    },
  });
  await run;
  expect(happened).toEqual(["drained", "asked for more", "drained"]);
});

/** Without times, and one space where there are several. */
const words = (text: string) =>
  text.split("\n").map((each) => each.slice(13).trim().replaceAll(/\s+/g, " "));

describe("requests as a whole", () => {
  const mixed = [
    line("aaaaaaaa-1", "a1"),
    line("bbbbbbbb-1", "b1"),
    line("aaaaaaaa-1", "a2"),
    event('{"level":"INFO","message":"nobody\'s"}'),
    report("aaaaaaaa-1", "error"),
    line("bbbbbbbb-1", "b2"),
    report("bbbbbbbb-1", "success"),
    line("cccccccc-1", "c1", { errorType: "Error", errorMessage: "never ended" }),
    line("dddddddd-1", "d1"),
  ];
  test("--group puts their lines together", async () => {
    expect(words(await shown({ group: true }, mixed))).toEqual([
      "INFO nobody's",
      "INFO aaaaaaaa a1",
      "INFO aaaaaaaa a2",
      "ERROR aaaaaaaa report error 12 ms",
      "",
      "INFO bbbbbbbb b1",
      "INFO bbbbbbbb b2",
      "INFO bbbbbbbb report success 12 ms",
      "",
      "INFO cccccccc c1 Error: never ended",
      "",
      "INFO dddddddd d1",
      "",
      "",
    ]);
  });

  test("--failed-only shows those that failed, with all of their lines", async () => {
    expect(words(await shown({ failedOnly: true }, mixed))).toEqual([
      "INFO aaaaaaaa a1",
      "INFO aaaaaaaa a2",
      "ERROR aaaaaaaa report error 12 ms",
      "",
      "INFO cccccccc c1 Error: never ended",
      "",
      "",
    ]);
  });

  test("--level chooses among their lines, and is not asked of CloudWatch", async () => {
    const { run, reporter, queries } = await logs({ failedOnly: true, level: "error" }, mixed);
    await run;
    expect(queries[0]?.filter).toBeUndefined();
    expect(words(reporter.stdout)).toEqual(["ERROR aaaaaaaa report error 12 ms", "", ""]);
  });
});

describe("what makes no sense", () => {
  test.each([
    { since: "yesterday" },
    { until: "soon" },
    { since: "1m", until: "10m" },
    { follow: true, until: "1m" },
    { level: "loud" },
    { requestId: "a b" },
    { requestId: '"' },
    { filter: "x", failedOnly: true },
    { filter: "x", group: true },
    { provider: true, failedOnly: true },
    { provider: true, requestId: "abcdef12" },
  ])("%o is refused before anything is asked", async (given) => {
    const { run, queries } = await logs(given, []);
    await expect(run).rejects.toMatchObject({ code: "LMI_USAGE", exitCode: 2 });
    expect(queries).toEqual([]);
  });
});

describe("a time", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  test.each([
    ["30s", "2026-11-23T11:59:30.000Z"],
    ["10m", "2026-11-23T11:50:00.000Z"],
    ["2h", "2026-11-23T10:00:00.000Z"],
    ["1d", "2026-11-22T12:00:00.000Z"],
    ["2026-11-20T08:00:00Z", "2026-11-20T08:00:00.000Z"],
    ["2026-11-20T08:00:00+02:00", "2026-11-20T06:00:00.000Z"],
    // As lines show them.
    ["2026-11-20T08:00", "2026-11-20T08:00:00.000Z"],
    ["2026-11-20 08:00:01.250", "2026-11-20T08:00:01.250Z"],
    ["2026-11-20", "2026-11-20T00:00:00.000Z"],
  ])("%s", (text, expected) => {
    expect(readTime("--since", text, now).toISOString()).toBe(expected);
  });
  test("is in UTC, wherever the machine is", async () => {
    const file = fileURLToPath(
      new URL("../../../../src/cli/commands/logs/read-time.ts", import.meta.url),
    );
    const script = `const { readTime } = await import(${JSON.stringify(file)});
      console.log(readTime("--since", "2026-11-20T08:00", new Date()).toISOString());`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", script],
      { env: { TZ: "America/New_York" } },
    );
    expect(stdout.trim()).toBe("2026-11-20T08:00:00.000Z");
  });
  test.each(["", "10", "yesterday", "10x", "2026-99-99"])("%s is refused", (text) => {
    expect(() => readTime("--until", text, now)).toThrow(
      expect.objectContaining({ code: "LMI_USAGE", exitCode: 2 }),
    );
  });
});
