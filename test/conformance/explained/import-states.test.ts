import {
  CloudFormationClient,
  CreateChangeSetCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import type { FaultRule } from "../../../src/local/faults/fault.ts";
import {
  adviceIn,
  because,
  failing,
  type LimboStack,
  limboStack,
  nextIn,
} from "../../helpers/limbo-stack.ts";

/**
 * States of an import, and of CloudFormation's clean-up after a change: each is produced, the commands say what happened,
 * and what they advise is typed and helps. What was imported is never deleted.
 */
const push = ["push", "--local", "--no-probe"] as const;
const deploy = ["deploy", "--local", "--yes", "--no-probe"] as const;
const attach = ["deploy", "--local", "--attach", "--no-probe"] as const;
const status = ["status", "--local"] as const;
const doctor = ["doctor", "--local"] as const;
const limit = 120_000;

const StackName = "lmi-hello";
const logGroupName = "/kept/logs";
const extra = {
  Type: "AWS::Logs::LogGroup",
  DeletionPolicy: "Retain",
  Properties: { LogGroupName: logGroupName },
};
const lasting: FaultRule = { fault: "slow", delayMs: 15_000, logicalId: "Extra" };

async function withExtra(stack: LimboStack): Promise<string> {
  const { Resources, ...rest } = await stack.template();
  return JSON.stringify({ ...rest, Resources: { ...Resources, Extra: extra } });
}

/** Somebody imports a log group into the stack, as with the console. */
async function beginImport(stack: LimboStack): Promise<void> {
  const client = stack.target.client(CloudFormationClient);
  const logs = stack.target.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const made = { StackName, ChangeSetName: "import" };
  await client.send(
    new CreateChangeSetCommand({
      ...made,
      ChangeSetType: "IMPORT",
      TemplateBody: await withExtra(stack),
      Capabilities: ["CAPABILITY_IAM"],
      ResourcesToImport: [
        {
          ResourceType: extra.Type,
          LogicalResourceId: "Extra",
          ResourceIdentifier: { LogGroupName: logGroupName },
        },
      ],
    }),
  );
  await client.send(new ExecuteChangeSetCommand(made));
}

async function isKept(stack: LimboStack): Promise<boolean> {
  const logs = stack.target.client(CloudWatchLogsClient);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  return logGroups.some((group) => group.logGroupName === logGroupName);
}

/** All look while CloudFormation is at work, and who waits for it sees its end. */
async function isWaitedFor(stack: LimboStack, state: string): Promise<void> {
  await expect.poll(() => stack.status(), { timeout: 20_000, interval: 20 }).toBe(state);
  const seen = await stack.lmi(...status);
  expect(seen.stdout).toContain(state);
  expect(nextIn(seen)).toBe("lmi deploy --local --attach   (waits for it)");
  const examined = await stack.lmi(...doctor);
  expect.soft(examined, examined.stderr).toMatchObject({ code: 0 });
  expect
    .soft(examined.stdout)
    .toMatch(new RegExp(String.raw`^warning +stack +lmi-hello is\s+${state}`, "m"));
  const pushed = await stack.lmi(...push);
  expect(pushed, pushed.stderr).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("LMI_STACK_BUSY"),
  });
  expect(await stack.status()).toBe(state);
}

test(
  "IMPORT_IN_PROGRESS is waited for; IMPORT_COMPLETE is deployed as ever, and lets go of what the project does not have",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(lasting);
    await beginImport(stack);
    await isWaitedFor(stack, "IMPORT_IN_PROGRESS");
    const told = await stack.lmi(...attach);
    expect(told, told.stderr).toMatchObject({ code: 0 });
    expect(await stack.status()).toBe("IMPORT_COMPLETE");
    stack.target.faults.clear();
    const seen = await stack.lmi(...status);
    expect(seen).toMatchObject({ code: 0 });
    expect(seen.stdout).not.toMatch(/^(Next|Failed)/m);
    await stack.type("lmi deploy --local");
    expect(await stack.status()).toBe("UPDATE_COMPLETE");
    expect(await isKept(stack)).toBe(true);
  },
  limit,
);

test(
  "IMPORT_ROLLBACK_COMPLETE: the cause is told, and a deploy is as ever",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("update", extra.Type));
    await beginImport(stack);
    expect(await stack.settled()).toBe("IMPORT_ROLLBACK_COMPLETE");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("An import of resources failed and was rolled back");
    expect(seen.stdout).toMatch(new RegExp(`Extra UPDATE_FAILED: ${because}`));
    const told = await stack.lmi(...attach);
    expect(told, told.stderr).toMatchObject({ code: 1 });
    expect(told.stderr).toContain(because);
    await stack.type("lmi deploy --local");
    expect(await stack.status()).toBe("UPDATE_COMPLETE");
    expect(await isKept(stack)).toBe(true);
  },
  limit,
);

test(
  "IMPORT_ROLLBACK_FAILED: all say what stopped the way back, and a destroy is the way out",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("update", extra.Type, { times: 2 }));
    await beginImport(stack);
    expect(await stack.settled()).toBe("IMPORT_ROLLBACK_FAILED");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("An import of resources failed and could not be undone.");
    for (const command of [attach, deploy, push]) {
      const told = await stack.lmi(...command);
      expect.soft(told.code, command.join(" ")).toBe(3);
      expect.soft(told.stderr).toMatch(/CloudFormation {2}Extra IMPORT_ROLLBACK_FAILED/);
      expect.soft(told.stderr).toContain("which leaves its deletion");
      expect.soft(adviceIn(told)).toBe(nextIn(seen));
    }
    const examined = await stack.lmi(...doctor);
    expect.soft(examined.code).toBe(1);
    expect.soft(examined.stdout).toMatch(/^failure +stack +Stack lmi-hello is/m);
    expect.soft(adviceIn(examined)).toBe(nextIn(seen));
    await stack.type(nextIn(seen));
    expect(await stack.status()).toBeUndefined();
    expect(await isKept(stack)).toBe(true);
  },
  limit,
);

test(
  "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS is waited for, by a destroy as well",
  async () => {
    const stack = await limboStack();
    const TemplateBody = JSON.stringify(await stack.template());
    const before = (await withExtra(stack)).replace('"Retain"', '"Delete"');
    const update = { StackName, Capabilities: ["CAPABILITY_IAM" as const] };
    const client = stack.target.client(CloudFormationClient);
    await client.send(new UpdateStackCommand({ ...update, TemplateBody: before }));
    expect(await stack.settled()).toBe("UPDATE_COMPLETE");
    await stack.target.faults.add({ ...lasting, action: "delete" });
    await client.send(new UpdateStackCommand({ ...update, TemplateBody }));
    await isWaitedFor(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    const told = await stack.lmi("destroy", "--local", "--yes");
    expect(told, told.stderr).toMatchObject({ code: 0 });
    expect(told.stderr).toContain("✓ change under way");
    expect(await stack.status()).toBeUndefined();
  },
  limit,
);

test(
  "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS says why, and a deploy comes after it",
  async () => {
    const stack = await limboStack();
    const changed = JSON.parse(await withExtra(stack)) as {
      Resources: Record<string, { Properties: object; DependsOn?: string[] }>;
    };
    const { HelloLambda, Extra } = changed.Resources;
    if (!HelloLambda || !Extra) throw new Error("Not in the template");
    Object.assign(HelloLambda.Properties, { Description: "another" });
    HelloLambda.DependsOn = [...(HelloLambda.DependsOn ?? []), "Extra"];
    Object.assign(Extra, { DeletionPolicy: "Delete" });
    await stack.target.faults.add(failing("update"));
    await stack.target.faults.add({ ...lasting, action: "delete" });
    await stack.target.client(CloudFormationClient).send(
      new UpdateStackCommand({
        StackName,
        Capabilities: ["CAPABILITY_IAM"],
        TemplateBody: JSON.stringify(changed),
      }),
    );
    await isWaitedFor(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("the last good version goes on answering");
    expect(seen.stdout).toContain(`HelloLambda UPDATE_FAILED: ${because}`);
    await stack.type("lmi deploy --local");
    expect(await stack.status()).toBe("UPDATE_COMPLETE");
  },
  limit,
);
