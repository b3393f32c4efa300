import { describe, expect, test } from "vitest";

import { createReporter } from "../../../src/cli/output/create-reporter.ts";
import { duration } from "../../../src/cli/output/duration.ts";
import { ExitCode, LmiError } from "../../../src/errors.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";

const plain = { json: false, quiet: false, verbose: false, color: true, stream: false };
const failure = new LmiError("LMI_SOMETHING", "It broke.", {
  why: "Because of A.\nAnd B.",
  next: "lmi mend",
  exitCode: ExitCode.usage,
  details: { awsRequestId: "r-1" },
});

async function reporterWith(options: Partial<typeof plain>, overrides = {}) {
  const system = recordingSystem(overrides);
  return { system, reporter: await createReporter({ ...plain, ...options }, system) };
}

describe("for people", () => {
  test("the answer goes to stdout, everything else to stderr", async () => {
    const { system, reporter } = await reporterWith({});
    reporter.info("hello");
    reporter.warn("careful");
    reporter.detail("request r-1");
    reporter.event("log", { a: 1 });
    reporter.result({ n: 1 }, ({ n }) => `n is ${n}`);
    expect(system.written).toEqual({ stdout: "n is 1\n", stderr: "hello\nwarning careful\n" });
  });

  test("--quiet keeps warnings and the answer, --verbose adds details", async () => {
    const quiet = await reporterWith({ quiet: true });
    quiet.reporter.info("hello");
    quiet.reporter.warn("careful");
    await quiet.reporter.step("work", async () => 1);
    expect(quiet.system.written.stderr).toBe("warning careful\n");
    const verbose = await reporterWith({ verbose: true });
    verbose.reporter.detail("request r-1");
    expect(verbose.system.written.stderr).toBe("request r-1\n");
  });

  test("a failure says what, why, what next, and its code", async () => {
    const { system, reporter } = await reporterWith({});
    reporter.failure(failure);
    expect(system.written).toEqual({
      stdout: "",
      stderr:
        "✗ It broke.\n\n  Because of A.\n  And B.\n\n  lmi mend\n  LMI_SOMETHING · lmi explain LMI_SOMETHING\n",
    });
    const verbose = await reporterWith({ verbose: true });
    verbose.reporter.failure(failure);
    expect(verbose.system.written.stderr).toContain("awsRequestId: r-1");
  });

  test("on a terminal a failure keeps within 80 columns, and its command in one line", async () => {
    const { system, reporter } = await reporterWith(
      {},
      { stderrIsTerminal: true, env: { CI: "1" } },
    );
    const long = "word ".repeat(30).trim();
    reporter.failure(new LmiError("LMI_SOMETHING", long, { why: `list:\n  ${long}`, next: long }));
    const lines = system.written.stderr.split("\n");
    expect(lines.filter((line) => line.length > 90)).toEqual([`  ${long}`]);
    expect(lines.filter((line) => /^ {4}word/.test(line)).length).toBeGreaterThan(1);
  });

  test("on a terminal a warning keeps within 80 columns, and a command stands below long words", async () => {
    const { system, reporter } = await reporterWith(
      { color: false },
      { stderrIsTerminal: true, env: { CI: "1" } },
    );
    const long = "word ".repeat(20).trim();
    reporter.warn(long);
    reporter.failure(new LmiError("LMI_SOMETHING", "No.", { next: `${long}: lmi deploy --azs 3` }));
    const lines = system.written.stderr.split("\n");
    expect(lines.filter((line) => line.length > 79)).toEqual([]);
    expect(lines[1]).toMatch(/^ {8}word/);
    expect(lines).toContain("  lmi deploy --azs 3");
  });

  test("a step without a terminal is lines, with what it came to and how long it took", async () => {
    const { system, reporter } = await reporterWith({});
    const value = await reporter.step("network", async (step) => {
      step.progress("VPC");
      await system.sleep(65_000);
      return 7;
    });
    expect(value).toBe(7);
    expect(system.written.stderr).toMatch(/^ {2}… network\n {2}✓ network +VPC +1:05\n$/);
    await expect(reporter.step("provider", () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
    expect(system.written.stderr).toMatch(/^ {2}✗ provider +0:00\n/m);
  });

  test.each([
    [{}, {}, false],
    [{}, { stderrIsTerminal: true }, true],
    [{ color: false }, { stderrIsTerminal: true }, false],
    [{}, { stderrIsTerminal: true, env: { NO_COLOR: "1" } }, false],
    [{}, { stderrIsTerminal: true, env: { TERM: "dumb" } }, false],
    [{}, { env: { FORCE_COLOR: "1" } }, true],
  ])("colours with %o %o: %s", async (options, overrides, expected) => {
    const { system, reporter } = await reporterWith(options, overrides);
    reporter.failure(failure);
    expect(system.written.stderr.includes("\u001b[")).toBe(expected);
  });
});

describe("for machines", () => {
  test("a document is the only thing on stdout", async () => {
    const { system, reporter } = await reporterWith({ json: true });
    reporter.info("hello");
    await reporter.step("work", async (step) => step.progress("half"));
    reporter.event("log", { a: 1 });
    reporter.result({ n: 1 }, () => "never");
    expect(system.written).toEqual({ stdout: '{"n":1}\n', stderr: "" });
  });

  test("a stream is one object a line", async () => {
    const { system, reporter } = await reporterWith({ json: true, stream: true });
    reporter.warn("careful");
    await reporter.step("work", async (step) => step.progress("half"));
    reporter.event("log", { time: "earlier", message: "m" });
    reporter.result({ n: 1 }, () => "never");
    const lines = system.written.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ type, status }) => [type, status])).toEqual([
      ["warning", undefined],
      ["step", "started"],
      ["step", "progress"],
      ["step", "done"],
      ["log", undefined],
      ["result", undefined],
    ]);
    expect(lines.every(({ v, time }) => v === 1 && typeof time === "string")).toBe(true);
    expect(lines[4]).toMatchObject({ time: "earlier", message: "m" });
    expect(lines[5]).toMatchObject({ n: 1 });
  });

  test("a failure is JSON with its details", async () => {
    const { system, reporter } = await reporterWith({ json: true });
    reporter.failure(failure);
    expect(JSON.parse(system.written.stdout)).toMatchObject({
      v: 1,
      type: "error",
      code: "LMI_SOMETHING",
      message: "It broke.",
      next: "lmi mend",
      exitCode: 2,
      awsRequestId: "r-1",
    });
  });
});

test.each([
  [0, "0:00"],
  [7_900, "0:07"],
  [760_000, "12:40"],
  [4_000_000, "66:40"],
])("%i ms is %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
