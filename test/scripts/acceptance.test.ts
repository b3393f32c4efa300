import { describe, expect, test } from "vitest";

interface Fact {
  readonly value: unknown;
  readonly documented?: unknown;
}
interface Row {
  readonly id: string;
  readonly result: string;
}
interface Scripts {
  readonly normalised: (value: unknown, token: string) => unknown;
  readonly compare: (local: Record<string, Fact>, aws: Record<string, Fact>) => Row[];
  readonly markdown: (content: object) => string;
  readonly parseOptions: (argv: readonly string[]) => Record<string, unknown>;
  readonly createStop: (settings: object) => {
    readonly signal: AbortSignal;
    readonly signalled: (signal: string) => void;
  };
}

/** The scripts are plain Node, without types. */
async function script(name: string): Promise<Scripts> {
  const url = new URL(`../../scripts/acceptance/${name}.mjs`, import.meta.url);
  return (await import(url.href)) as Scripts;
}

const { normalised, compare } = await script("facts");
const { markdown } = await script("report");
const { parseOptions } = await script("options");
const { createStop } = await script("stopping");

const run = (facts: object) => ({ facts, seconds: {}, stages: [], left: [] });

describe("facts of two runs", () => {
  test("are the same though every name in them is another", () => {
    const one = {
      arn: "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:lmi-acceptance-11251816-bb1h-CapacityProvider-EFNC318PQTNZ",
      zone: "in eu-west-1a",
      instance: "i-0123456789abcdef0 failed",
      list: ["function lmi-acceptance-11251816-bb1h:$LATEST"],
    };
    const other = {
      arn: "arn:aws:lambda:us-east-1:000000000000:capacity-provider:lmi-acceptance-01010101-aaaa-CapacityProvider-ABCDEFGHIJKL",
      zone: "in us-east-1b",
      instance: "i-0fedcba9876543210 failed",
      list: ["function lmi-acceptance-01010101-aaaa:$LATEST"],
    };
    expect(normalised(one, "11251816-bb1h")).toEqual(normalised(other, "01010101-aaaa"));
    expect(normalised({ memory: 2048, text: "Rate Exceeded." }, "11251816-bb1h")).toEqual({
      memory: 2048,
      text: "Rate Exceeded.",
    });
  });

  test("are told apart, differences first, with what AWS documents", () => {
    const local = {
      same: { value: ["Active"] },
      error: { value: { error: "A" }, documented: "B" },
      mine: { value: 1 },
    };
    const aws = {
      same: { value: ["Active"] },
      error: { value: { error: "B" } },
      yours: { value: 2 },
    };
    expect(compare(local, aws).map(({ id, result }) => [id, result])).toEqual([
      ["error", "different"],
      ["mine", "only one"],
      ["yours", "only one"],
      ["same", "same"],
    ]);
    const text = markdown({
      lmi: "1.2.3",
      date: "2026-11-25",
      region: "us-east-1",
      runs: { local: run(local), aws: run(aws) },
      compared: run(aws),
    });
    expect(text).toContain("4 facts: 1 the same, 3 not.");
    expect(text).toContain('| error | {"error":"A"} | {"error":"B"} | B |');
    expect(text).toContain('| same | ["Active"] |');
  });

  test("what was left stands in the report", () => {
    const local = { ...run({}), left: ["stack lmi-acceptance-x"] };
    const text = markdown({ lmi: "1", date: "d", region: "r", runs: { local } });
    expect(text).toContain("**Left: stack lmi-acceptance-x**");
  });
});

describe("what may be asked for", () => {
  test.each([
    ["--yes without the account that may be billed", ["--yes"], "--account"],
    ["a profile for the local target", ["--local", "--profile", "p"], "--profile"],
    ["a comparison of a run that is compared anyway", ["--against", "f"], "--local"],
    ["what it does not know", ["--force"], "--force"],
  ])("not: %s", (_, argv, named) => {
    expect(() => parseOptions(argv)).toThrow(named);
  });

  test("everything for the local target without a question", () => {
    expect(parseOptions(["--local", "--yes", "--no-build"])).toMatchObject({
      local: true,
      yes: true,
      build: false,
    });
  });
});

test("a second Ctrl-C ends at once and says how to clean up by hand", () => {
  const said: string[] = [];
  const ended: number[] = [];
  const stop = createStop({
    byHand: () => ["  aws cloudformation delete-stack --stack-name lmi-acceptance-x"],
    exit: (code: number) => ended.push(code),
    say: (text: string) => said.push(text),
  });
  stop.signalled("SIGINT");
  expect(stop.signal.aborted).toBe(true);
  expect(ended).toEqual([]);
  stop.signalled("SIGINT");
  expect(ended).toEqual([130]);
  expect(said.join("\n")).toContain("delete-stack --stack-name lmi-acceptance-x");
});
