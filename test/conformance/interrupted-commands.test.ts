import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Machine } from "../e2e/lmi.ts";

describe("interrupted and killed", () => {
  let machine: Machine;
  let cwd: string;

  beforeEach(async () => {
    machine = await Machine.create();
    cwd = join(machine.home, "hello");
    expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
  });
  afterEach(() => machine.dispose([cwd]));

  const lmi = (...args: string[]) => machine.lmi(args, { cwd });
  const targetPid = async () =>
    (JSON.parse((await lmi("local", "status", "--json")).stdout) as { pid: number }).pid;

  // SIGINT and SIGTERM at each stage of a deploy: deploy-stages.test.ts.
  test("kill -9 of the local target during a deploy: the failure is said, the next deploy converges", async () => {
    await lmi("local", "up");
    const pid = await targetPid();
    const deploy = machine.start(["deploy", "--local", "--yes"], { cwd });
    await deploy.shows(/… network/);
    process.kill(pid, "SIGKILL");
    const result = await deploy.finished;
    expect(result.code, result.stderr).toBe(1);
    expect(result.stderr).toContain("LMI_ENDPOINT_UNREACHABLE");
    expect(result.stderr).toContain("lmi deploy --local");
    // Nobody has patience with it, as with AWS that does not answer for a while.
    expect(result.stderr).not.toContain("Asking again");
    expect(result.stderr).not.toMatch(/\n\s+at /);
    await converges();
  }, 120_000);

  test("kill -9 of the local target in CloudFormation's clean-up: the next deploy sees it end", async () => {
    const logGroup = { Type: "AWS::Logs::LogGroup", Properties: {} };
    await writeResources({ Extra: logGroup });
    await converges();
    await writeResources({});
    const fault = ["local", "fault", "add", "slow", "--delay", "600s", "--logical-id", "Extra"];
    await lmi(...fault, "--on", "delete", "--times", "1");
    const pid = await targetPid();
    const deploy = machine.start(["deploy", "--local", "--yes"], { cwd });
    const state = async () =>
      (
        JSON.parse((await lmi("status", "--local", "--json")).stdout) as {
          stack: { status: string };
        }
      ).stack.status;
    const patience = { timeout: 60_000, interval: 500 };
    await expect.poll(state, patience).toBe("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    process.kill(pid, "SIGKILL");
    expect(await deploy.finished).toMatchObject({ code: 1 });
    await converges();
    expect(await state()).toBe("UPDATE_COMPLETE");
    const { stdout } = await lmi("local", "fault", "list");
    expect(stdout).toContain("struck 1 of 1");
  }, 180_000);

  test("kill -9 of the local target takes the functions' processes with it; the next command brings them back", async () => {
    await converges();
    const pid = await targetPid();
    const children = await childrenOf(pid);
    expect(children.length).toBeGreaterThan(0);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    const answer = await lmi("invoke", "--local", "--payload", "[1]");
    expect(answer, answer.stderr).toMatchObject({ code: 0 });
    expect(answer.stdout).toContain("[1]");
  }, 120_000);

  test("kill -9 of a destroy: the next one goes on, and a third one knows that nothing is left", async () => {
    await converges();
    const fault = ["local", "fault", "add", "slow", "--delay", "8s", "--times", "1"];
    await lmi(...fault, "--resource-type", "AWS::Lambda::CapacityProvider", "--on", "delete");
    const destroy = machine.start(["destroy", "--local", "--yes"], { cwd });
    await destroy.shows(/… provider/);
    destroy.kill("SIGKILL");
    expect(await destroy.finished).toMatchObject({ signal: "SIGKILL" });
    const again = await lmi("destroy", "--local", "--yes");
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/no network interface of\s+it is left/);
    const third = await lmi("destroy", "--local", "--yes");
    expect(third, third.stderr).toMatchObject({ code: 0 });
    expect(third.stdout).toMatch(/is gone from account 0+, us-east-1 since\s+\d{4}-/);
  }, 120_000);

  test("local down ends every process of the target", async () => {
    await converges();
    const pid = await targetPid();
    const processes = [pid, ...(await childrenOf(pid))];
    expect(await lmi("local", "down")).toMatchObject({ code: 0 });
    await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  }, 120_000);

  async function writeResources(resources: object) {
    const file = join(cwd, "lmi.json");
    const settings = JSON.parse(await readFile(file, "utf8")) as object;
    await writeFile(file, JSON.stringify({ ...settings, resources }));
  }

  async function converges() {
    const deploy = await lmi("deploy", "--local", "--yes");
    expect(deploy, deploy.stderr).toMatchObject({ code: 0 });
    const answer = await lmi("invoke", "--local");
    expect(answer, answer.stderr).toMatchObject({ code: 0 });
  }

  async function childrenOf(pid: number): Promise<number[]> {
    const { stdout } = await machine.run("ps", ["-A", "-o", "pid=,ppid="]);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
    return rows.flatMap(([child, parent]) =>
      parent === pid && child !== undefined ? [child] : [],
    );
  }
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
