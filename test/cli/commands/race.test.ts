import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { repeatCommand } from "../../../src/cli/commands/race/render-findings.ts";
import { options, race } from "./race/raced.ts";

const leaky = `
import { setTimeout as sleep } from "node:timers/promises";
type Order = { customer: string };
let current: Order | undefined;

export const handler = async (event: Order) => {
  current = event;
  await sleep(1);
  return { statusCode: 200, body: JSON.stringify({ customer: current.customer }) };
};
`;

test("proves a leak with the two requests, the value and the line, and repeats it with those two", async () => {
  const files = { "src/handler.ts": leaky };
  const { error, findings, cwd } = await race(files);
  expect(error).toMatchObject({ code: "LMI_RACE_FOUND", exitCode: 1, message: "1 finding" });
  expect(error?.details).toMatchObject({ seed: 7311, requests: 16, count: 1 });
  const [finding] = findings;
  expect(finding).toMatchObject({
    kind: "foreign-marker",
    verdict: "unsafe",
    what: "A request's customer appears in another request's answer",
    place: { file: "src/handler.ts", line: 4 },
    further: [{ line: 7 }, { line: 9 }],
  });
  const only = finding?.requests?.join(",");
  expect(error?.next?.split("\n")).toEqual([
    `Repeat exactly: lmi race --repeat 8 --seed 7311 --only ${only}`,
    "Report: .lmi/race-7311.html",
  ]);
  expect(await readFile(join(cwd, ".lmi", "race-7311.html"), "utf8")).toContain("src/handler.ts:4");
  const again = await race(files, { only });
  expect(again.findings).toMatchObject([{ kind: "foreign-marker", requests: finding?.requests }]);
});

test("finds nothing in the same function with a variable of its own", async () => {
  const { error, reporter } = await race({
    "src/handler.ts": leaky.replace("current = event", "const current = event"),
  });
  expect(error).toBeUndefined();
  expect(reporter.results).toMatchObject([{ seed: 7311, requests: 16, findings: [] }]);
  expect(reporter.rendered[0]).toContain('docs/concurrency.md, "What it cannot see"');
});

const streamed = `
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";

export const handler = async (event: unknown) => {
  const stream = createWriteStream("/tmp/stream.txt");
  stream.end(JSON.stringify(event));
  await new Promise((resolve) => stream.on("finish", resolve));
  return { statusCode: 200, body: await readFile("/tmp/stream.txt", "utf8") };
};
`;

test("tells a file that requests share once, as Lambda calls it, with the answers that are wrong by it", async () => {
  const { findings } = await race({ "src/handler.ts": streamed });
  expect(findings).toMatchObject([
    { kind: "shared-file", what: "Two requests write the same file, /tmp/stream.txt" },
  ]);
  expect(findings[0]?.evidence.join("\n")).toMatch(/of 16 answers are wrong by it/);
});

test("of other runtimes it looks at versions of libraries alone", async () => {
  const settings = { functions: { api: { runtime: "python3.13", entry: "src" } } };
  const old = await race({
    "lmi.json": JSON.stringify(settings),
    "src/requirements.txt": "boto3==1.40.0\naws-lambda-powertools==3.22.0\n",
  });
  expect(old.error).toMatchObject({ code: "LMI_RACE_FOUND", exitCode: 1 });
  expect(old.error?.why).toMatch(
    /aws-lambda-powertools is older than 3\.23\.0 +src\/requirements.txt:2/,
  );
  const fine = await race({
    "lmi.json": JSON.stringify(settings),
    "src/requirements.txt": "aws-lambda-powertools==3.23.0\n",
  });
  expect(fine.error).toMatchObject({ code: "LMI_RACE_NOT_POSSIBLE", exitCode: 2 });
  expect(fine.error?.why).toMatch(/src\/requirements\.txt none is of a version known to mix up/);
  expect(fine.error?.next).not.toContain("--entry");
});

test("of several functions it takes none for the one that is meant, of whatever runtime", async () => {
  const python = { runtime: "python3.13", entry: "src" };
  const { error } = await race({
    "lmi.json": JSON.stringify({ functions: { first: python, second: {} } }),
    "src/requirements.txt": "aws-lambda-powertools==3.22.0\n",
  });
  expect(error).toMatchObject({ code: "LMI_FUNCTION_AMBIGUOUS" });
});

test("repeats a run with all that it was given, as a shell reads it", () => {
  const given = {
    ...options,
    env: "test",
    settings: { entry: "sp ace/m.mjs", timeout: "5", memory: "4096", functionEnv: ["A=secret"] },
    events: "e v.json",
    ignore: ["/body/at", "/body/*/id"],
    network: true,
  };
  expect(repeatCommand(given, 7, [])).toBe(
    "lmi race --entry 'sp ace/m.mjs' --memory 4096 --timeout 5 --function-env 'A=…' --env test --events 'e v.json' --repeat 8 --network --ignore /body/at --ignore '/body/*/id' --seed 7",
  );
});

test.each([
  ["no events", { "events/all.json": "[]" }, {}, "LMI_RACE_EVENTS"],
  ["events that are no JSON", { "events/all.json": "{," }, {}, "LMI_RACE_EVENTS"],
  ["a seed that is no number", {}, { seed: "x" }, "LMI_USAGE"],
  ["a request that the run does not have", {}, { only: "17" }, "LMI_USAGE"],
  ["a file that is not there", {}, { settings: { entry: "src/hander.ts" } }, "LMI_ENTRY_NOT_FOUND"],
  ["a pointer without a slash", {}, { ignore: ["body.id"] }, "LMI_USAGE"],
  ["a function that is not there", {}, { function: "apo" }, "LMI_FUNCTION_NOT_FOUND"],
  [
    "another runtime",
    { "lmi.json": JSON.stringify({ functions: { api: { runtime: "python3.13", entry: "src" } } }) },
    {},
    "LMI_RACE_NOT_POSSIBLE",
  ],
])("refuses %s before anything runs", async (_what, files, given, code) => {
  const { error } = await race({ "src/handler.ts": leaky, ...files }, given);
  expect(error).toMatchObject({ code, exitCode: 2 });
});
