import { Command } from "commander";
import { describe, expect, test } from "vitest";
import {
  destroyCommand,
  type DestroyOptions,
  runDestroy,
} from "../../../src/cli/commands/destroy.ts";
import { fakeAccount, type FakeAccount, providerState, stackState } from "../../deploy/fake-aws.ts";
import {
  projectFolder,
  recordingDeps,
  type RecordingRequest,
  sharedDefaults,
} from "../../deploy/recording-deps.ts";

const resource = {
  logicalId: "Vpc",
  physicalId: "vpc-1",
  type: "AWS::EC2::VPC",
  status: "CREATE_COMPLETE",
  statusReason: undefined,
};
const options: DestroyOptions = { ...sharedDefaults(), maxWait: "60" };

async function start(account: FakeAccount, answer: RecordingRequest["answer"] = "yes") {
  return recordingDeps({ account, cwd: await projectFolder(), answer });
}

describe("destroy", () => {
  test("shows what will go, asks, deletes, waits for the instances, reports", async () => {
    const account = fakeAccount({ stack: stackState(), resources: [resource] });
    const deps = await start(account);
    await runDestroy(options, deps);
    expect(deps.lines).toEqual([
      expect.stringContaining("stack lmi-hello"),
      "info - 1 resource: VPC",
      "ask Delete lmi-hello?",
      "step instances",
    ]);
    expect(account.deletions).toBe(1);
    expect(deps.results).toMatchObject([
      { stackName: "lmi-hello", account: "123456789012", region: "eu-west-1", resources: 1 },
    ]);
  });

  test("a stack that does not exist is said with account and region, never done", async () => {
    const deps = await start(fakeAccount());
    await expect(runDestroy(options, deps)).rejects.toMatchObject({
      code: "LMI_STACK_NOT_FOUND",
      exitCode: 1,
      message: "There is no stack lmi-hello in account 123456789012, region eu-west-1.",
    });
    expect(deps.results).toEqual([]);
  });

  test.each([
    ["no", "LMI_DECLINED"],
    ["nobody", "LMI_APPROVAL_NEEDED"],
  ] as const)("an approval that comes from %s deletes nothing", async (answer, code) => {
    const account = fakeAccount({ stack: stackState() });
    await expect(runDestroy(options, await start(account, answer))).rejects.toMatchObject({
      code,
      exitCode: 4,
    });
    expect(account.deletions).toBe(0);
  });

  test("a stack of somebody else is refused", async () => {
    const account = fakeAccount({ stack: stackState({ tags: {} }) });
    await expect(runDestroy(options, await start(account))).rejects.toMatchObject({
      code: "LMI_STACK_NOT_OURS",
    });
    expect(account.deletions).toBe(0);
  });

  test("a failed stack without outputs still proves that its provider is gone", async () => {
    const provider = { ...resource, type: "AWS::Lambda::CapacityProvider", physicalId: "hello" };
    const account = fakeAccount({
      stack: stackState({ status: "ROLLBACK_FAILED", outputs: {} }),
      resources: [provider],
      provider: providerState("Active"),
    });
    account.onDelete = () => {
      account.stack = undefined;
      account.provider = undefined;
    };
    const deps = await start(account);
    await runDestroy(options, deps);
    expect(deps.lines).toContain("step instances");
  });

  test("a deploy under way is waited for first", async () => {
    const account = fakeAccount({ stack: stackState({ status: "CREATE_IN_PROGRESS" }) });
    const deps = await start(account);
    let deletedAt: string | undefined;
    account.onDelete = () => {
      deletedAt = account.stack?.status;
      account.stack = undefined;
    };
    const sleep = async (milliseconds: number, signal?: AbortSignal) => {
      if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
      account.stack = stackState();
    };
    await runDestroy(options, { ...deps, system: { ...deps.system, sleep } });
    expect(deletedAt).toBe("CREATE_COMPLETE");
  });

  test("interrupted, it says what goes on and how to come back", async () => {
    const account = fakeAccount({ stack: stackState() });
    const deps = await start(account);
    account.onDelete = () => {
      account.stack = stackState({ status: "DELETE_IN_PROGRESS" });
      deps.interruptBy("SIGINT");
    };
    await expect(runDestroy(options, deps)).rejects.toMatchObject({
      code: "LMI_INTERRUPTED",
      exitCode: 130,
      next: expect.stringContaining("lmi destroy"),
    });
  });

  test("the command line hands over its options", async () => {
    const deps = await start(fakeAccount());
    let seen: DestroyOptions | undefined;
    const command = destroyCommand(deps, async (given) => void (seen = given));
    await new Command("lmi")
      .addCommand(command)
      .parseAsync(["destroy", "--max-wait", "5"], { from: "user" });
    expect(seen).toMatchObject({ maxWait: "5", local: false });
  });
});
