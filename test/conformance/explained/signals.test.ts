import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Machine } from "../../e2e/lmi.ts";

/**
 * SIGINT and SIGTERM at each stage: the exit code, what goes on and how to come back are said, and the command that is
 * named then, or the same one again, ends well.
 */
let machine: Machine;
let cwd: string;
const codes = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof codes;

beforeAll(async () => {
  machine = await Machine.create();
  cwd = join(machine.home, "hello");
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
});
afterAll(() => machine.dispose([cwd]));

const lmi = async (...words: string[]) => {
  const result = await machine.lmi(words, { cwd });
  expect(result, `lmi ${words.join(" ")}: ${result.stderr}`).toMatchObject({ code: 0 });
  return result;
};

const fault = (kind: string, ...words: string[]) =>
  lmi("local", "fault", "add", kind, "--times", "1", ...words);

async function interrupted(words: readonly string[], stage: string, signal: Signal) {
  const command = machine.start(words, { cwd });
  await command.shows(new RegExp(`… ${stage}`));
  command.kill(signal);
  const result = await command.finished;
  expect(result, `${stage}: ${result.stderr}`).toMatchObject({ code: codes[signal] });
  expect(result.stderr).toContain("✗ Interrupted.");
  expect(result.stderr).toContain("LMI_INTERRUPTED");
  expect(result.stderr).not.toMatch(/\n\s+at /);
  return result.stderr;
}

const slowResource = (type: string) => ["--delay", "4s", "--resource-type", type];
const invoke = ["--delay", "4s", "--service", "lambda", "--operation", "Invoke"];

/** Stage, what keeps it from being over too soon, what is said. */
const ofDeploy: readonly [string, readonly string[], RegExp][] = [
  ["preflight", [], /Nothing was changed\./],
  ["plan and cost", ["--delay", "3s", "--service", "ssm"], /Nothing was changed\./],
  ["bootstrap", slowResource("AWS::S3::Bucket"), /CloudFormation|Nothing/],
  [
    "assets",
    ["--delay", "4s", "--service", "s3", "--operation", "PutObject"],
    /Nothing of this ver/,
  ],
  ["provider", slowResource("AWS::Lambda::CapacityProvider"), /CloudFormation goes on/],
  ["version", slowResource("AWS::Lambda::Function"), /CloudFormation goes on/],
  ["first answer", invoke, /./],
];

test("at each stage of a deploy", async () => {
  const words = ["deploy", "--local", "--yes"];
  for (const [index, [stage, slowness, says]] of ofDeploy.entries()) {
    await lmi("local", "fault", "clear");
    if (slowness.length > 0) await fault("slow", ...slowness);
    const stderr = await interrupted(words, stage, index % 2 === 0 ? "SIGINT" : "SIGTERM");
    expect.soft(stderr, stage).toMatch(says);
    expect.soft(stderr, stage).toMatch(/^ {2}lmi (deploy|status)[^\n]* --local/m);
    // Before CloudFormation has begun there is nothing to converge, and the next one goes on from there.
    if (index < 4) continue;
    await lmi(...words);
    await lmi("invoke", "--local");
    if (stage !== "first answer") await lmi("destroy", "--local", "--yes");
  }
}, 400_000);

test("at each stage of a push, and of a destroy", async () => {
  const push = ["push", "--local"];
  const stages: readonly [string, readonly string[]][] = [
    ["code", ["--delay", "4s", "--service", "lambda", "--operation", "UpdateFunctionCode"]],
    [
      "version",
      ["--delay", "4s", "--service", "lambda", "--operation", "GetFunctionConfiguration"],
    ],
    ["first answer", invoke],
  ];
  for (const [index, [stage, slowness]] of stages.entries()) {
    const source = `export const handler = async () => "push ${index}";\n`;
    await writeFile(join(cwd, "src", "handler.ts"), source);
    await lmi("local", "fault", "clear");
    await fault("slow", ...slowness);
    const stderr = await interrupted(push, stage, index % 2 === 0 ? "SIGTERM" : "SIGINT");
    expect.soft(stderr, stage).toMatch(/^ {2}lmi (push|status)[^\n]* --local/m);
    await lmi(...push);
    expect((await lmi("invoke", "--local")).stdout).toContain(`push ${index}`);
  }
  await lmi("local", "fault", "clear");
  await fault("slow", ...slowResource("AWS::Lambda::CapacityProvider"), "--on", "delete");
  const stderr = await interrupted(["destroy", "--local", "--yes"], "provider", "SIGTERM");
  expect.soft(stderr).toMatch(/goes on/);
  expect.soft(stderr).toMatch(/^ {2}lmi destroy --local/m);
  const destroyed = await machine.lmi(["destroy", "--local", "--yes"], { cwd });
  expect(destroyed.code === 0 || destroyed.stderr.includes("It was deleted (")).toBe(true);
}, 300_000);

test("while logs are followed", async () => {
  await lmi("local", "fault", "clear");
  await lmi("deploy", "--local", "--yes");
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const logs = machine.start(["logs", "--local", "--follow"], { cwd });
    await lmi("invoke", "--local");
    await logs.shows(/report/);
    logs.kill(signal);
    expect(await logs.finished).toMatchObject({ code: codes[signal] });
  }
}, 120_000);
