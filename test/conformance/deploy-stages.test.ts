import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  afterCloudFormation,
  beforeCloudFormation,
  duringCloudFormation,
  preparing,
  uploading,
} from "../../src/cli/commands/deploy/phases.ts";
import type { Phase } from "../../src/cli/commands/deploy/time-limit.ts";
import { Machine } from "../e2e/lmi.ts";

let machine: Machine;
let cwd: string;

beforeEach(async () => {
  machine = await Machine.create({ LMI_LOCAL_TIMING: "realistic/20" });
  cwd = join(machine.home, "hello");
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
});
afterEach(() => machine.dispose([cwd]));

const deploy = ["deploy", "--local", "--yes"];

const during = duringCloudFormation({ local: true });
/** What may be said after the last stage that was seen: the signal comes when it comes, shortly before the next one. */
const saidAfter: Readonly<Record<string, readonly Phase[]>> = {
  preflight: [preparing],
  "plan and cost": [preparing, beforeCloudFormation],
  bootstrap: [beforeCloudFormation, uploading],
  assets: [uploading, during],
  network: [during],
  "roles and logs": [during],
  provider: [during],
  instances: [during],
  environments: [during],
  version: [during, afterCloudFormation],
  "first answer": [afterCloudFormation],
};

/** The last of them that has begun. */
function lastStage(stderr: string): string {
  const begun = stderr.matchAll(new RegExp(`… (${Object.keys(saidAfter).join("|")})`, "g"));
  return [...begun].at(-1)?.[1] ?? "none";
}

test.each([
  ["preflight", "SIGINT"],
  ["plan and cost", "SIGTERM"],
  ["assets", "SIGINT"],
  ["network", "SIGTERM"],
  ["provider", "SIGINT"],
  ["instances", "SIGTERM"],
  ["environments", "SIGINT"],
  ["version", "SIGTERM"],
] as const)(
  "at stage %s, %s ends a deploy with its code and its message, and the next one converges",
  async (stage, signal) => {
    const running = machine.start(deploy, { cwd });
    await running.shows(new RegExp(`… ${stage}`));
    running.kill(signal);
    const { code, stderr } = await running.finished;
    expect(code, stderr).toBe(signal === "SIGINT" ? 130 : 143);
    const told = stderr.replaceAll(/\s+/g, " ");
    const fitting = (saidAfter[lastStage(stderr)] ?? []).map(({ awsGoesOn }) => awsGoesOn);
    expect(
      fitting.filter((text) => told.includes(text)),
      `${lastStage(stderr)}: ${stderr}`,
    ).toHaveLength(1);
    expect(stderr).toContain("lmi deploy --local");
    const next = await machine.lmi(deploy, { cwd });
    expect(next, next.stderr).toMatchObject({ code: 0 });
    const answer = await machine.lmi(["invoke", "--local"], { cwd });
    expect(answer, answer.stderr).toMatchObject({ code: 0 });
  },
  180_000,
);

test("a detached deploy is come back to, and ends as if it had been waited for", async () => {
  const detached = await machine.lmi([...deploy, "--detach"], { cwd });
  expect(detached, detached.stderr).toMatchObject({ code: 0, stdout: "" });
  expect(detached.stderr).toContain("lmi deploy --local --attach");
  const attached = await machine.lmi(["deploy", "--local", "--attach"], { cwd });
  expect(attached, attached.stderr).toMatchObject({ code: 0 });
  for (const stage of ["network", "provider", "instances", "environments", "version"])
    expect(attached.stderr).toContain(`✓ ${stage}`);
  expect(attached.stdout).toContain("FunctionName");
}, 180_000);

test("of two deploys at once one is first, and the other says so, waits, and comes after it", async () => {
  const first = await machine.lmi(deploy, { cwd });
  expect(first, first.stderr).toMatchObject({ code: 0 });
  const { stdout } = await machine.lmi(["local", "up"], { cwd });
  const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(stdout)?.[1] ?? "";
  const other = join(machine.home, "other");
  await cp(cwd, other, { recursive: true });
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lmi-local",
    AWS_SECRET_ACCESS_KEY: "lmi-local",
  };
  const both = await Promise.all([
    machine.lmi(["deploy", "--yes", "--memory", "4096"], { cwd, env }),
    machine.lmi(["deploy", "--yes", "--timeout", "20"], { cwd: other, env }),
  ]);
  const told = both.map(({ stderr }) => stderr.replaceAll(/\s+/g, " "));
  expect(
    both.map(({ code }) => code),
    told.join("\n"),
  ).toEqual([0, 0]);
  expect(told.filter((text) => text.includes("This deployment waits for that"))).toHaveLength(1);
  expect(told.join("\n")).toContain("lmi (lmi-local) is changing it");
}, 240_000);
