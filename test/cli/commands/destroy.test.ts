import { Command } from "commander";
import { describe, expect, test } from "vitest";
import {
  destroyCommand,
  type DestroyOptions,
  runDestroy,
  renderDestroyed,
} from "../../../src/cli/commands/destroy.ts";
import type { StackState } from "../../../src/aws/ports.ts";
import { LmiError } from "../../../src/errors.ts";
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
const options: DestroyOptions = {
  ...sharedDefaults(),
  maxWait: "60",
  keepLogs: false,
  retain: [],
};

async function start(account: FakeAccount, answer: RecordingRequest["answer"] = "yes") {
  return recordingDeps({ account, cwd: await projectFolder(), answer });
}

/** Destroys a stack on which a change ends as `after` while destroy waits for it. */
async function destroyDuring(status: string, after: (account: FakeAccount) => void) {
  const account = fakeAccount({ stack: stackState({ status, outputs: {} }) });
  const deps = await start(account);
  let waits = 0;
  const sleep = async (milliseconds: number, signal?: AbortSignal) => {
    if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
    waits += 1;
    if (waits === 1) after(account);
    else account.instances = [];
  };
  const destroying = runDestroy(options, { ...deps, system: { ...deps.system, sleep } });
  return { account, deps, destroying, waited: () => waits };
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

  test("half deleted, versions of its own deleted function do not make the provider shared", async () => {
    const account = fakeAccount({
      stack: stackState({ status: "DELETE_FAILED", outputs: {} }),
      resources: [
        { ...resource, type: "AWS::Lambda::CapacityProvider", physicalId: "hello" },
        {
          ...resource,
          type: "AWS::Lambda::Function",
          physicalId: "api",
          status: "DELETE_COMPLETE",
        },
      ],
      uses: [
        { functionArn: "arn:api:3", functionName: "api", version: "3", state: "Deactivating" },
      ],
    });
    await runDestroy(options, await start(account));
    expect(account.deletions).toBe(1);
  });

  test("of deleted stacks of the name, this project's is found behind another's", async () => {
    const account = fakeAccount({
      deletedStacks: ["theirs", "ours"].map((stackId) => ({
        stackName: "lmi-hello",
        stackId,
        deletedAt: new Date("2026-11-25T09:00:00Z"),
      })),
    });
    const deps = await start(account);
    const { aws } = deps;
    const finding: typeof aws = async (target) => {
      const { stacks, ...rest } = await aws(target);
      const known: Readonly<Record<string, StackState>> = {
        theirs: stackState({ tags: {} }),
        ours: stackState(),
      };
      return { ...rest, stacks: { ...stacks, find: async (id) => known[id] } };
    };
    await runDestroy(options, { ...deps, aws: finding });
    expect(deps.results).toMatchObject([{ deletedAt: new Date("2026-11-25T09:00:00Z") }]);
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

  test("what a deploy under way has made is waited for, too", async () => {
    const { account, deps, destroying, waited } = await destroyDuring(
      "CREATE_IN_PROGRESS",
      (then) => {
        then.stack = stackState();
        then.resources = [resource];
        then.instances = [
          {
            instanceId: "i-1",
            instanceType: "m7i.xlarge",
            availabilityZone: undefined,
            state: "shutting-down",
            launchTime: undefined,
          },
        ];
      },
    );
    await destroying;
    expect(account.instances).toEqual([]);
    expect(waited()).toBe(2);
    expect(deps.lines).toContain("step instances");
    expect(deps.results).toMatchObject([{ resources: 1 }]);
  });

  test.each([
    ["LMI_STACK_NOT_OURS", { tags: {} }],
    ["LMI_STACK_PROTECTED", { terminationProtection: true }],
  ])("after the change under way it may be %s", async (code, change) => {
    const { account, destroying } = await destroyDuring("UPDATE_IN_PROGRESS", (then) => {
      then.stack = stackState(change);
    });
    await expect(destroying).rejects.toMatchObject({ code });
    expect(account.deletions).toBe(0);
  });

  test("a stack that is gone after the change under way is not deleted again", async () => {
    const { account, deps, destroying } = await destroyDuring("UPDATE_IN_PROGRESS", (then) => {
      then.stack = undefined;
    });
    await destroying;
    expect(account.deletions).toBe(0);
    expect(deps.results).toHaveLength(1);
  });

  test("credentials that expire meanwhile: it says that CloudFormation goes on", async () => {
    const account = fakeAccount({ stack: stackState() });
    const deps = await start(account);
    const aws = await deps.aws({});
    const expired = new LmiError("LMI_CREDENTIALS_EXPIRED", "Expired.", { next: "Log in" });
    const find = async (name: string) => {
      if (account.deletions > 0) throw expired;
      return aws.stacks.find(name);
    };
    const blind = { ...deps, aws: async () => ({ ...aws, stacks: { ...aws.stacks, find } }) };
    await expect(runDestroy(options, blind)).rejects.toMatchObject({
      code: "LMI_CREDENTIALS_EXPIRED",
      why: expect.stringContaining("CloudFormation goes on deleting"),
      next: expect.stringMatching(/Log in\nThen: lmi destroy/),
    });
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

  test.each(["find", "resources"] as const)(
    "interrupted before anything is deleted, while it asks for %s, it says so",
    async (asked) => {
      const account = fakeAccount({ stack: stackState() });
      const deps = await start(account);
      const aws = await deps.aws({});
      const hangs = () => {
        deps.interruptBy("SIGTERM");
        return new Promise<never>(() => {});
      };
      const slow = {
        ...deps,
        aws: async () => ({ ...aws, stacks: { ...aws.stacks, [asked]: hangs } }),
      };
      await expect(runDestroy(options, slow)).rejects.toMatchObject({
        code: "LMI_INTERRUPTED",
        why: "Nothing was deleted by this command.",
        exitCode: 143,
      });
      expect(account.deletions).toBe(0);
    },
  );

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

test.each([
  [1, "1 resource deleted"],
  [2, "2 resources deleted"],
])("%i deleted is told as such", (resources, says) => {
  const told = renderDestroyed({
    stackName: "s",
    account: "000000000000",
    region: "us-east-1",
    resources,
    versions: 0,
    kept: [],
    keptPerDay: 0,
    milliseconds: 1000,
  });
  expect(told.replaceAll(/\s+/g, " ")).toContain(says);
});
