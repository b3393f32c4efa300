import { describe, expect, test } from "vitest";
import { runDeploy } from "../../../../src/cli/commands/deploy.ts";
import type { StackState } from "../../../../src/aws/ports.ts";
import {
  deployOptions,
  fakeTools,
  readyAccount,
  startDeploy,
} from "../../../deploy/deploy-fixture.ts";
import type { DeployTools } from "../../../../src/cli/commands/deploy/tools.ts";
import { LmiError } from "../../../../src/errors.ts";
import { stackState } from "../../../deploy/fake-aws.ts";

/** Deploys onto a stack that somebody is changing; the change ends as `after` at the first look later. */
async function deployOnto(status: string, after: StackState | undefined) {
  const account = readyAccount({ stack: stackState({ status }) });
  const { deps } = await startDeploy({ account });
  const tools = fakeTools(account);
  const sleep = async (milliseconds: number, signal?: AbortSignal) => {
    if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
    account.stack = after;
  };
  await runDeploy(deployOptions(), { ...deps, system: { ...deps.system, sleep } }, tools);
  return { account, deps, tools };
}

describe("a deploy onto a stack that is being changed", () => {
  test.each([
    ["CREATE_IN_PROGRESS", stackState()],
    ["UPDATE_IN_PROGRESS", stackState({ status: "UPDATE_ROLLBACK_COMPLETE" })],
    ["DELETE_IN_PROGRESS", undefined],
  ])("waits for %s, says so, then deploys", async (status, after) => {
    const { deps, tools } = await deployOnto(status, after);
    const waiting = deps.lines.findIndex((line) => line.includes(`lmi-hello is ${status}`));
    expect(waiting).toBe(2);
    expect(deps.lines[3]).toBe("step change under way");
    expect(tools.calls).toContain("deploy");
    expect(deps.results).toMatchObject([{ changed: true }]);
  });

  test("that is changed in the last moment waits for it, compares again, and asks again", async () => {
    const account = readyAccount({ stack: stackState() });
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(account);
    let attempts = 0;
    const deploy: DeployTools["deploy"] = async (...given) => {
      attempts += 1;
      if (attempts > 1) return tools.deploy(...given);
      account.stack = stackState({ status: "UPDATE_IN_PROGRESS" });
      throw new LmiError("LMI_STACK_BUSY", "Ann was first.", { details: { overtaken: true } });
    };
    const sleep = async (milliseconds: number, signal?: AbortSignal) => {
      if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
      account.stack = stackState();
    };
    await runDeploy(
      deployOptions(),
      { ...deps, system: { ...deps.system, sleep } },
      { ...tools, deploy },
    );
    expect(attempts).toBe(2);
    expect(deps.lines.join("\n")).toContain("Ann was first. This one waits for it");
    expect(deps.lines.filter((line) => line.startsWith("ask"))).toHaveLength(2);
    expect(deps.results).toMatchObject([{ changed: true }]);
  });

  test("recovers what the awaited change left behind", async () => {
    const failed = stackState({ status: "ROLLBACK_COMPLETE", outputs: {} });
    const { account, tools } = await deployOnto("CREATE_IN_PROGRESS", failed);
    expect(account.deletions).toBe(1);
    expect(tools.calls).toContain("deploy");
  });

  test("refuses somebody else's stack without waiting", async () => {
    const account = readyAccount({ stack: stackState({ status: "UPDATE_IN_PROGRESS", tags: {} }) });
    const { deps } = await startDeploy({ account });
    await expect(runDeploy(deployOptions(), deps, fakeTools(account))).rejects.toMatchObject({
      code: "LMI_STACK_NOT_OURS",
    });
  });

  test("interrupted, it says that nothing of it is deployed", async () => {
    const account = readyAccount({ stack: stackState({ status: "UPDATE_IN_PROGRESS" }) });
    const { deps } = await startDeploy({ account });
    const sleep = async (milliseconds: number, signal?: AbortSignal) => {
      if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
      deps.interruptBy("SIGINT");
    };
    const system = Object.create(deps.system, { sleep: { value: sleep } }) as typeof deps.system;
    await expect(
      runDeploy(deployOptions(), { ...deps, system }, fakeTools(account)),
    ).rejects.toMatchObject({
      exitCode: 130,
      why: expect.stringContaining("Nothing of this deployment"),
    });
  });
});
