import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { describe, expect, test } from "vitest";
import { runDestroy } from "../../../../src/cli/commands/destroy.ts";
import { referenceTemplate } from "../../../local/cloudformation/resource-types/reference-template.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import {
  createStack,
  functionSource,
  manage,
  type ManagedStack,
  projectTags,
  publishVersions,
  startManagedStack,
} from "../../../helpers/managed-stack.ts";
import { destroyOptions as options, failureOf } from "./running.ts";

async function isGone({ target, aws }: ManagedStack): Promise<boolean> {
  const cloudFormation = target.client(CloudFormationClient);
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({}));
  const ours = (Stacks ?? []).filter(({ StackName }) => StackName === "lmi-hello");
  const { length } = await aws.stackRemovals.deleted("lmi-hello");
  return ours.length === 0 && length === 1;
}

describe("what does not end", () => {
  test("an instance: exit 3 with what Lambda wrote and what it costs; the next run goes on", async () => {
    const stack = await startManagedStack();
    await stack.target.faults.add({ fault: "failed-termination", reason: "It clings." });
    const failure = await failureOf(runDestroy(options, stack.deps({ hurry: 60_000 })));
    expect(failure).toMatchObject({ code: "LMI_LEFT_RUNNING", exitCode: 3 });
    expect(failure.why).toMatch(/provider log {2}TerminateFailed .*It clings\./);
    expect(failure.why).toMatch(/on AWS it would cost ≈ \$\d+\.\d\d a day/);
    expect(failure.why).toMatch(/instance +i-\w+ {2}\S+ running, ≈ \$\d/);
    expect(failure.why).toMatch(/network interface +eni-/);
    expect(failure.next).toContain("lmi destroy --local");
    stack.target.faults.clear();
    await runDestroy(options, stack.deps());
    expect(await isGone(stack)).toBe(true);
  });

  test("a subnet that stays in use: six attempts, exit 3 with all that is left; the next run goes on", async () => {
    const stack = await startManagedStack();
    const reason = "The subnet 'subnet-1' has dependencies and cannot be deleted.";
    await stack.target.faults.add({
      fault: "failed-resource",
      logicalId: "PrivateA",
      action: "delete",
      reason,
    });
    const deps = stack.deps();
    const failure = await failureOf(runDestroy(options, deps));
    expect(failure).toMatchObject({ code: "LMI_DELETE_FAILED", exitCode: 3 });
    expect(failure.why).toMatch(/subnet +subnet-\w+[\s\S]*has dependencies/);
    expect(failure.why).toMatch(/VPC +vpc-/);
    expect(deps.lines.filter((line) => line.includes("Trying again"))).toHaveLength(5);
    stack.target.faults.clear();
    await runDestroy(options, stack.deps());
    expect(await isGone(stack)).toBe(true);
  });

  test("a provider whose deletion is throttled is tried again", async () => {
    const stack = await startManagedStack();
    await stack.target.faults.add({
      fault: "throttle",
      resourceType: "AWS::Lambda::CapacityProvider",
      action: "delete",
      times: 2,
    });
    await runDestroy(options, stack.deps());
    expect(await isGone(stack)).toBe(true);
  });
});

/** Function and provider in the subnets of another stack. */
function inGivenNetwork(network: Readonly<Record<string, string>>): string {
  const template = JSON.parse(referenceTemplate(functionSource)) as {
    Resources: Record<string, { Properties?: Record<string, unknown> }>;
    Outputs: object;
  };
  const { OperatorRole, Role, Logs, Provider, Function: lambda } = template.Resources;
  return JSON.stringify({
    Resources: {
      OperatorRole,
      Role,
      Logs,
      Provider: {
        ...Provider,
        Properties: {
          ...Provider?.Properties,
          VpcConfig: { SubnetIds: [network["SubnetId"]], SecurityGroupIds: [network["GroupId"]] },
        },
      },
      Function: lambda,
    },
    Outputs: { CapacityProviderArn: { Value: { "Fn::GetAtt": ["Provider", "Arn"] } } },
  });
}

const network = JSON.stringify({
  Resources: {
    Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.1.0.0/16" } },
    Subnet: {
      Type: "AWS::EC2::Subnet",
      Properties: { VpcId: { Ref: "Vpc" }, CidrBlock: "10.1.0.0/24" },
    },
    Group: {
      Type: "AWS::EC2::SecurityGroup",
      Properties: { GroupDescription: "all", VpcId: { Ref: "Vpc" } },
    },
  },
  Outputs: {
    SubnetId: { Value: { Ref: "Subnet" } },
    GroupId: { Value: { "Fn::GetAtt": ["Group", "GroupId"] } },
  },
});

test("cut off while EC2 shuts instances down, the next run waits for them although the stack is gone", async () => {
  const target = await startTestTarget();
  const given = await createStack(target, "network", network);
  const outputs = await createStack(target, "lmi-hello", inGivenNetwork(given), projectTags);
  const stack = await manage(target, outputs);
  await target.faults.add({ fault: "failed-termination", when: "after" });
  const cut = stack.deps({
    onStep: (label, deps) =>
      void (label === "instances" && setTimeout(() => deps.interruptBy("SIGTERM"), 100)),
  });
  const failure = await failureOf(runDestroy(options, cut));
  expect(failure).toMatchObject({ code: "LMI_INTERRUPTED", exitCode: 143 });
  expect(failure.why).toMatch(/AWS goes on ending what ran: i-\w+ shutting-down/);
  expect(await isGone(stack)).toBe(true);

  const stuck = await failureOf(runDestroy(options, stack.deps({ hurry: 60_000 })));
  expect(stuck).toMatchObject({ code: "LMI_LEFT_RUNNING", exitCode: 3 });
  expect(stuck.why).toMatch(/i-\w+ +\S+ shutting-down/);

  const waiting = stack.deps({ onStep: () => void setTimeout(() => target.faults.clear(), 50) });
  await runDestroy(options, waiting);
  expect(waiting.lines.join("\n")).toContain("AWS is still ending");
  expect(waiting.results).toMatchObject([{ stackName: "lmi-hello", resources: 0 }]);
  await runDestroy(options, stack.deps());
});

test("somebody else's interface in the stack's subnet: said before, never touched, left behind on request", async () => {
  const stack = await startManagedStack();
  const { VpcId = "", SubnetIds = "" } = stack.outputs;
  expect(VpcId).not.toBe("");
  const [SubnetId = ""] = SubnetIds.split(",");
  const [group] = await stack.aws.networkInterfaces
    .inNetwork({ subnetIds: [SubnetId], groupIds: [] })
    .then((found) => found.flatMap(({ byLambda, groupIds }) => (byLambda ? groupIds : [])));
  const guest = inGivenNetwork({ SubnetId, GroupId: group ?? "" })
    .replaceAll("/aws/lambda/reference", "/aws/lambda/guest")
    .replaceAll('"FunctionName":"reference"', '"FunctionName":"guest"');
  const { CapacityProviderArn = "" } = await createStack(stack.target, "guest", guest);
  const [theirs] = await stack.aws.instances.ofCapacityProvider(CapacityProviderArn);

  const deps = stack.deps();
  const failure = await failureOf(runDestroy(options, deps));
  expect(deps.lines.join(" ")).toMatch(/warn eni-\w+ in subnet-\w+ is not of this stack/);
  expect(failure).toMatchObject({ code: "LMI_DELETE_FAILED", exitCode: 3 });
  expect(failure.why).toMatch(/network interface +eni-\w+[\s\S]*not of this stack: .*guest-/i);
  const retain = /lmi destroy --local --retain (?<ids>.+)/.exec(failure.next ?? "")?.groups?.[
    "ids"
  ];
  expect(retain?.split(" ").toSorted()).toEqual(["Group", "PrivateA"]);

  const leaving = stack.deps();
  await runDestroy({ ...options, retain: retain?.split(" ") ?? [] }, leaving);
  const [{ kept }] = leaving.results as [{ kept: { logicalId: string }[] }];
  expect(kept.map(({ logicalId }) => logicalId).toSorted()).toEqual(["Group", "PrivateA", "Vpc"]);
  expect(await isGone(stack)).toBe(true);
  expect(await stack.aws.instances.ofCapacityProvider(CapacityProviderArn)).toEqual([theirs]);
});

describe("a signal", () => {
  test.each([
    ["keep", "SIGINT", 130],
    ["versions", "SIGTERM", 143],
    ["function", "SIGINT", 130],
    ["provider", "SIGTERM", 143],
    ["network", "SIGINT", 130],
    ["instances", "SIGTERM", 143],
  ] as const)(
    "in stage %s, %s: exit code %i, what AWS goes on with, and the next run converges",
    async (stage, signal, exitCode) => {
      const stack = await startManagedStack();
      await publishVersions(stack.lambda, "reference", 2);
      const deps = stack.deps({
        onStep: (label, running) => void (label === stage && running.interruptBy(signal)),
      });
      const failure = await failureOf(runDestroy({ ...options, keepLogs: true }, deps));
      expect(failure).toMatchObject({ code: "LMI_INTERRUPTED", exitCode });
      expect(failure.why).toMatch(/goes on/);
      expect(failure.next).toMatch(/^lmi destroy --local/);
      await runDestroy(options, stack.deps());
      expect(await isGone(stack)).toBe(true);
    },
  );
});
