import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeInstancesCommand, DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  GetFunctionConfigurationCommand,
  GetFunctionScalingConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListCapacityProvidersCommand,
} from "@aws-sdk/client-lambda";
import { expect, it, onTestFinished } from "vitest";
import type { TestTarget } from "../../../helpers/local-target.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import { referenceTemplate } from "./reference-template.ts";

const StackName = "lmi-reference";
const Capabilities = ["CAPABILITY_IAM" as const];

/** The stack, once nothing is in progress any more. */
async function settled(target: TestTarget, nameOrId: string) {
  const cloudFormation = target.client(CloudFormationClient);
  return await expect
    .poll(
      async () => {
        const { Stacks } = await cloudFormation.send(
          new DescribeStacksCommand({ StackName: nameOrId }),
        );
        return Stacks?.[0]?.StackStatus;
      },
      { timeout: 60_000, interval: 50 },
    )
    .not.toMatch(/_IN_PROGRESS$/)
    .then(async () => {
      const { Stacks } = await cloudFormation.send(
        new DescribeStacksCommand({ StackName: nameOrId }),
      );
      return Stacks?.[0];
    });
}

async function invoke(target: TestTarget): Promise<unknown> {
  const lambda = target.client(LambdaClient);
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: "reference", Payload: '{"a":1}' }),
  );
  return JSON.parse(Payload?.transformToString() ?? "");
}

async function reasons(target: TestTarget): Promise<string> {
  const cloudFormation = target.client(CloudFormationClient);
  const { StackEvents } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  return (StackEvents ?? [])
    .filter((event) => event.ResourceStatus?.endsWith("_FAILED"))
    .map(
      (event) => `${event.LogicalResourceId} ${event.ResourceStatus} ${event.ResourceStatusReason}`,
    )
    .join("\n");
}

/** What drift detection finds of a stack that nobody has touched, which is to be nothing. */
async function drifted(target: TestTarget): Promise<unknown> {
  const cloudFormation = target.client(CloudFormationClient);
  const { StackDriftDetectionId } = await cloudFormation.send(
    new DetectStackDriftCommand({ StackName }),
  );
  const status = await cloudFormation.send(
    new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
  );
  expect(status.DetectionStatusReason).toBeUndefined();
  const { StackResourceDrifts } = await cloudFormation.send(
    new DescribeStackResourceDriftsCommand({ StackName }),
  );
  expect(StackResourceDrifts?.length).toBeGreaterThan(15);
  return StackResourceDrifts?.filter((drift) => drift.StackResourceDriftStatus !== "IN_SYNC").map(
    (drift) => [drift.LogicalResourceId, drift.PropertyDifferences],
  );
}

/** What is left of everything that the stack makes. */
async function leftovers(target: TestTarget) {
  const [vpcs, roles, providers, groups, running] = await Promise.all([
    target.client(EC2Client).send(new DescribeVpcsCommand({})),
    target.client(IAMClient).send(new ListRolesCommand({})),
    target.client(LambdaClient).send(new ListCapacityProvidersCommand({})),
    target
      .client(CloudWatchLogsClient)
      .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/reference" })),
    target.client(EC2Client).send(
      new DescribeInstancesCommand({
        Filters: [{ Name: "instance-state-name", Values: ["running"] }],
      }),
    ),
  ]);
  return [
    ...(vpcs.Vpcs ?? []),
    ...(roles.Roles ?? []).filter((role) => !role.Path?.startsWith("/aws-service-role/")),
    ...(providers.CapacityProviders ?? []),
    ...(groups.logGroups ?? []),
    ...(running.Reservations ?? []),
  ];
}

it(
  "makes the reference stack run, republishes on a change, and leaves nothing behind",
  { timeout: 120_000 },
  async () => {
    const target = await startTestTarget();
    const cloudFormation = target.client(CloudFormationClient);
    const lambda = target.client(LambdaClient);
    await cloudFormation.send(
      new CreateStackCommand({
        StackName,
        Capabilities,
        TemplateBody: referenceTemplate("exports.handler = async (event) => ({ first: event });"),
      }),
    );
    const created = await settled(target, StackName);
    expect(await reasons(target)).toBe("");
    expect(created?.StackStatus).toBe("CREATE_COMPLETE");

    expect(await invoke(target)).toEqual({ first: { a: 1 } });
    const published = { FunctionName: "reference", Qualifier: "$LATEST.PUBLISHED" };
    expect(await lambda.send(new GetFunctionConfigurationCommand(published))).toMatchObject({
      State: "Active",
    });
    expect(await lambda.send(new GetFunctionScalingConfigCommand(published))).toMatchObject({
      AppliedFunctionScalingConfig: { MinExecutionEnvironments: 2, MaxExecutionEnvironments: 4 },
    });
    const { Reservations } = await target
      .client(EC2Client)
      .send(
        new DescribeInstancesCommand({ Filters: [{ Name: "operator.managed", Values: ["true"] }] }),
      );
    expect(Reservations).not.toEqual([]);
    expect(await drifted(target)).toEqual([]);

    await cloudFormation.send(
      new UpdateStackCommand({
        StackName,
        Capabilities,
        TemplateBody: referenceTemplate("exports.handler = async () => process.env.ANSWER;", {
          Provider: { CapacityProviderScalingConfig: { MaxVCpuCount: 60 } },
          Function: { Environment: { Variables: { ANSWER: "second" } } },
        }),
      }),
    );
    const updated = await settled(target, StackName);
    expect(await reasons(target)).toBe("");
    expect(updated?.StackStatus).toBe("UPDATE_COMPLETE");
    expect(await invoke(target)).toBe("second");
    expect(await drifted(target)).toEqual([]);

    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    expect((await settled(target, created?.StackId ?? ""))?.StackStatus).toBe("DELETE_COMPLETE");
    expect(await leftovers(target)).toEqual([]);
  },
);

it(
  "reports a version that does not start as not stabilized, and rolls everything back",
  { timeout: 120_000 },
  async () => {
    const target = await startTestTarget();
    await target.client(CloudFormationClient).send(
      new CreateStackCommand({
        StackName,
        Capabilities,
        TemplateBody: referenceTemplate('throw new Error("no luck");'),
      }),
    );
    const stack = await settled(target, StackName);
    expect(await reasons(target)).toMatch(
      /Function CREATE_FAILED .*Resource of type 'AWS::Lambda::Function' with identifier 'reference' did not stabilize\. Version \$LATEST\.PUBLISHED: FunctionError\S*: .*NotStabilized/,
    );
    expect(stack?.StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(await leftovers(target)).toEqual([]);
  },
);

it(
  "goes on with a function that was starting when the target ended",
  { timeout: 120_000 },
  async () => {
    const stateDir = await mkdtemp(join(tmpdir(), "lmi-target-"));
    onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
    const first = await startTestTarget({ stateDir });
    const slow = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);";
    const { StackId = "" } = await first.client(CloudFormationClient).send(
      new CreateStackCommand({
        StackName,
        Capabilities,
        TemplateBody: referenceTemplate(`${slow} exports.handler = async () => "slow";`),
      }),
    );
    const published = { FunctionName: "reference", Qualifier: "$LATEST.PUBLISHED" };
    const state = () =>
      first
        .client(LambdaClient)
        .send(new GetFunctionConfigurationCommand(published))
        .then(
          ({ State }) => State,
          () => undefined,
        );
    await expect.poll(state, { timeout: 20_000 }).toBe("Pending");
    await first.close();

    const second = await startTestTarget({ stateDir });
    expect((await settled(second, StackId))?.StackStatus).toBe("CREATE_COMPLETE");
    expect(await reasons(second)).toBe("");
    expect(await invoke(second)).toBe("slow");
    await second.client(CloudFormationClient).send(new DeleteStackCommand({ StackName }));
    expect((await settled(second, StackId))?.StackStatus).toBe("DELETE_COMPLETE");
    expect(await leftovers(second)).toEqual([]);
  },
);

it("publishes nothing where the template says so", { timeout: 120_000 }, async () => {
  const target = await startTestTarget();
  await target.client(CloudFormationClient).send(
    new CreateStackCommand({
      StackName,
      Capabilities,
      TemplateBody: referenceTemplate("exports.handler = async () => 1;", {
        Provider: {},
        Function: { PublishToLatestPublished: false },
      }),
    }),
  );
  expect((await settled(target, StackName))?.StackStatus).toBe("CREATE_COMPLETE");
  await expect(invoke(target)).rejects.toMatchObject({ name: "NoPublishedVersionException" });
});
