import { DescribeStacksCommand, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateFunctionCommand, DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { runDestroy } from "../../../../src/cli/commands/destroy.ts";
import {
  createStack,
  type ManagedStack,
  publishVersions,
  startManagedStack,
} from "../../../helpers/managed-stack.ts";
import { destroyOptions as options, failureOf } from "./running.ts";

/** Ids of the stored lines of the function. */
async function linesOf({ aws }: ManagedStack): Promise<string[]> {
  const found: string[] = [];
  for await (const { eventId } of aws.logs.events({ logGroup: "/aws/lambda/reference" }))
    found.push(eventId);
  return found;
}

async function statusOf({ target }: ManagedStack, StackName: string) {
  const cloudFormation = target.client(CloudFormationClient);
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  return Stacks?.[0]?.StackStatus;
}

describe("destroy", () => {
  test("prunes versions that were published by hand, and leaves nothing", async () => {
    const stack = await startManagedStack();
    await publishVersions(stack.lambda, "reference", 2);
    const deps = stack.deps();
    await runDestroy(options, deps);
    expect(deps.lines).toContain("info - 2 published versions before: reference:1, reference:2");
    expect(deps.lines).toContain("step versions");
    expect(deps.lines.at(-1)).toBe("step instances");
    expect(deps.results).toMatchObject([{ versions: 2, kept: [], keptPerDay: 0 }]);
    const again = stack.deps();
    await runDestroy(options, again);
    expect(again.results).toMatchObject([{ resources: 0, deletedAt: expect.any(Date) }]);
    expect(again.rendered[0]).toMatch(/is gone from account 0+, us-east-1 since\s+\d{4}-/);
    expect(again.rendered[0]).toMatch(/no\s+network\s+interface\s+of\s+it\s+is\s+left/);
  });

  test("--keep-logs keeps the log groups and nothing else", async () => {
    const stack = await startManagedStack();
    const deps = stack.deps();
    const before = await linesOf(stack);
    expect(before.length).toBeGreaterThan(0);
    await runDestroy({ ...options, keepLogs: true }, deps);
    expect(deps.lines).toContain("info = 1 resource stays: log group");
    expect(deps.lines).toContain("step keep");
    expect(deps.results).toMatchObject([
      { kept: [{ what: "log group", name: "/aws/lambda/reference" }] },
    ]);
    expect(deps.rendered.join("")).toContain("Kept:\n  log group  /aws/lambda/reference");
    expect(deps.lines.at(-1)).toMatch(/aws logs delete-log-group --log-group-name/);
    expect(await linesOf(stack)).toEqual(expect.arrayContaining(before));
    const again = stack.deps();
    await runDestroy(options, again);
    expect(again.rendered.join("")).toContain("Kept then:\n  log group  /aws/lambda/reference");
  });

  test("an answer that is lost while marking what stays is asked for again", async () => {
    const stack = await startManagedStack();
    await stack.target.faults.add({
      fault: "reset",
      when: "after",
      service: "cloudformation",
      operation: "UpdateStack",
      times: 1,
    });
    const deps = stack.deps();
    await runDestroy({ ...options, keepLogs: true }, deps);
    expect(stack.target.faults.list()).toMatchObject([{ hits: 1 }]);
    expect(deps.results).toMatchObject([{ kept: [{ what: "log group" }] }]);
  });

  test("--retain keeps what the resource needs, too, and says what it costs", async () => {
    const stack = await startManagedStack();
    const deps = stack.deps();
    await runDestroy({ ...options, retain: ["Nat"] }, deps);
    const [{ kept, keptPerDay }] = deps.results as [
      { kept: { logicalId: string }[]; keptPerDay: number },
    ];
    expect(kept.map(({ logicalId }) => logicalId).toSorted()).toEqual([
      "Address",
      "Attachment",
      "Gateway",
      "Nat",
      "Public",
      "PublicRoute",
      "PublicTable",
      "Vpc",
    ]);
    expect(keptPerDay).toBeCloseTo((0.045 + 0.005) * 24);
    const ec2 = stack.target.client(EC2Client);
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
    expect(Subnets).toHaveLength(1);
  });

  test("what was kept and runs is not waited for by the next destroy, which says what it costs", async () => {
    const stack = await startManagedStack();
    const deps = stack.deps();
    await runDestroy({ ...options, retain: ["Function"] }, deps);
    // Nothing is done with what stays.
    expect(deps.lines).not.toContain("step provider");
    expect(deps.lines).not.toContain("step function");
    const again = stack.deps({ hurry: 60_000 });
    await runDestroy(options, again);
    expect(again.lines).not.toContain("step instances");
    expect(again.results).toMatchObject([
      { kept: expect.arrayContaining([expect.objectContaining({ what: "instance" })]) },
    ]);
    expect(again.rendered.join("")).toMatch(
      /Kept then:[^]* {2}function +reference\n[^]* running, ≈ /,
    );
  });

  test("what the stack does not have cannot be retained", async () => {
    const stack = await startManagedStack();
    const failure = await failureOf(runDestroy({ ...options, retain: ["Table"] }, stack.deps()));
    expect(failure).toMatchObject({ code: "LMI_USAGE", exitCode: 2 });
    expect(failure.why).toMatch(/Nat {2}AWS::EC2::NatGateway/);
    expect(await statusOf(stack, "lmi-hello")).toBe("CREATE_COMPLETE");
  });
});

/** A stack of somebody else with a function on the provider of ours. */
function neighbour(CapacityProviderArn: string): string {
  return JSON.stringify({
    Resources: {
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "lambda.amazonaws.com" },
                Action: "sts:AssumeRole",
              },
            ],
          },
        },
      },
      Function: {
        Type: "AWS::Lambda::Function",
        Properties: {
          FunctionName: "neighbour",
          Role: { "Fn::GetAtt": ["Role", "Arn"] },
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          MemorySize: 2048,
          Code: { ZipFile: "exports.handler = async () => 1;" },
          CapacityProviderConfig: {
            LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn },
          },
        },
      },
    },
    Outputs: { RoleArn: { Value: { "Fn::GetAtt": ["Role", "Arn"] } } },
  });
}

describe("neighbours", () => {
  test("functions of others on the provider: said with their owner's command before anything is deleted", async () => {
    const stack = await startManagedStack();
    const arn = stack.outputs["CapacityProviderArn"] ?? "";
    const { RoleArn } = await createStack(stack.target, "other", neighbour(arn));
    await publishVersions(stack.lambda, "reference", 1);
    await stack.lambda.send(
      new CreateFunctionCommand({
        FunctionName: "by-hand",
        Role: RoleArn,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Code: { ZipFile: zipSync({ "index.js": strToU8("exports.handler = () => 1;") }) },
        MemorySize: 2048,
        CapacityProviderConfig: {
          LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: arn },
        },
      }),
    );
    const failure = await failureOf(runDestroy(options, stack.deps()));
    expect(failure).toMatchObject({ code: "LMI_PROVIDER_SHARED", exitCode: 2 });
    expect(failure.why).toMatch(/neighbour {2}of stack other: .*\$LATEST\.PUBLISHED/);
    expect(failure.why).toMatch(/by-hand {2}in no stack: \$LATEST/);
    expect(failure.next).toContain("aws cloudformation delete-stack --stack-name other");
    expect(failure.next).toContain("aws lambda delete-function --function-name by-hand");
    expect(await statusOf(stack, "lmi-hello")).toBe("CREATE_COMPLETE");
    expect(await stack.aws.versions.ofFunction("reference")).toHaveLength(2);
    expect(await stack.aws.versions.ofFunction("neighbour")).toHaveLength(1);
    await stack.lambda.send(new DeleteFunctionCommand({ FunctionName: "by-hand" }));
  });
});
