import { CloudFormationClient, DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import { LambdaClient, PutFunctionScalingConfigCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { waitForPublished } from "../../../src/deploy/readiness.ts";
import { fakeAccount, fakeContext } from "../../deploy/fake-aws.ts";
import { failingStack, propertiesOf, resourceOf } from "../../helpers/failing-stack.ts";

type Resources = Parameters<typeof propertiesOf>[0];

const describeAs = (text: string) => (resources: Resources) => {
  propertiesOf(resources, "AWS::Lambda::Function")["Description"] = text;
};

const failedFunction = (reason: string) =>
  ({
    fault: "failed-resource",
    resourceType: "AWS::Lambda::Function",
    action: "update",
    times: 1,
    reason,
  }) as const;

test("what AWS refuses is told with what mends it: passing providers, memory, runtimes, kinds, versions", async () => {
  const { update } = await failingStack();
  const cases = [
    [
      "User: arn:aws:iam::1:user/me is not authorized to perform: lambda:PassCapacityProvider on resource: x",
      ["lambda:PassCapacityProvider on the capacity provider is missing", "lmi doctor"],
    ],
    [
      "Memory ratio of 4096.0MB per CPU exceeds function's total memory",
      ["its memory does not fit its vCPUs", "multiple of memoryPerVCpu × 1024 MB"],
    ],
    [
      "Runtime Enum python3.12 does not support specified feature: Lambda Managed Instances",
      ["managed instances do not have its runtime", "Choose one that they run in the settings"],
    ],
    [
      "CapacityProviderConfig isn't supported for Lambda Default functions.",
      ["it is a default function and stays one", "LMI_FUNCTION_KIND"],
    ],
    [
      "FunctionVersionsPerCapacityProviderLimitExceededException: 100",
      ["takes 100 versions", "lmi versions", "LMI_VERSION_LIMIT"],
    ],
  ] as const;
  for (const [reason, says] of cases) {
    const { code, stderr } = await update(describeAs(reason), failedFunction(reason));
    expect.soft(code, reason).toBe(1);
    expect.soft(stderr, reason).toMatch(/\d\d:\d\d:\d\d {2}CloudFormation/);
    for (const words of says) expect.soft(stderr, reason).toContain(words);
  }
}, 120_000);

test("a handler with a callback is told how it is written", async () => {
  const { update } = await failingStack();
  const { stderr } = await update((resources) => {
    propertiesOf(resources, "AWS::Lambda::Function")["Code"] = {
      ZipFile: "exports.handler = (event, context, callback) => callback(null, 1);",
    };
  });
  expect(stderr).toContain("function log    Runtime.CallbackHandlerDeprecated: ");
  expect(stderr).toContain("export const handler = async (event, context) =>");
  expect(stderr).toContain("LMI_INIT_FAILED");
}, 120_000);

test("memory that runs out, and a rollback that fails by it: what is stuck, and the way out", async () => {
  const { update } = await failingStack();
  const { code, stderr } = await update(describeAs("larger"), {
    fault: "failed-version",
    code: "FunctionError.InitResourceExhausted",
  });
  expect(code).toBe(3);
  expect(stderr).toContain("could not undo the update");
  expect(stderr).toContain("aws cloudformation continue-update-rollback --stack-name lmi-hello");
  expect(stderr).toContain("LMI_INIT_RESOURCES");
}, 120_000);

test("durable executions that still run are what a version waits for", async () => {
  const { project } = await failingStack();
  const { target, aws } = project;
  await target.faults.add({ fault: "draining", delayMs: 600_000 });
  await target.client(LambdaClient).send(
    new PutFunctionScalingConfigCommand({
      FunctionName: "hello",
      Qualifier: "$LATEST.PUBLISHED",
      FunctionScalingConfig: { MinExecutionEnvironments: 0, MaxExecutionEnvironments: 0 },
    }),
  );
  const reason = async () =>
    (await aws.functions.find("hello", "$LATEST.PUBLISHED"))?.stateReasonCode;
  await expect.poll(reason).toBe("DrainingDurableExecutions");
  const context = { ...fakeContext(fakeAccount()), aws };
  await expect(waitForPublished("hello", context, () => {})).rejects.toMatchObject({
    code: "LMI_DRAINING",
    message: expect.stringContaining("durable executions of this version are still running."),
    next: expect.stringMatching(
      /^aws lambda list-durable-executions-by-function --function-name hello --statuses RUNNING --endpoint-url http:.+$/m,
    ),
  });
}, 120_000);

test("a provider that becomes Failed is told with its log", async () => {
  const { update } = await failingStack();
  const { code, stderr } = await update(
    (resources) => {
      const provider = resourceOf(resources, "AWS::Lambda::CapacityProvider");
      // It can change only with a new one.
      provider.Properties["InstanceRequirements"] = {
        Architectures: ["x86_64"],
        ExcludedInstanceTypes: ["c8i.metal"],
      };
    },
    { fault: "failed-provider", times: 1 },
  );
  expect(code).toBe(1);
  expect(stderr).toContain(
    "CapacityProvider (AWS::Lambda::CapacityProvider) could not be updated: it became Failed.",
  );
  expect(stderr).toContain("LMI_PROVIDER_FAILED");
}, 120_000);

test("a deletion that stopped half way is no failed deploy, and says how to go on", async () => {
  const { attach, project } = await failingStack();
  await project.target.faults.add({
    fault: "failed-resource",
    resourceType: "AWS::Lambda::CapacityProvider",
    action: "delete",
    reason: "The capacity provider is currently in use by 1 functions.",
  });
  const client = project.target.client(CloudFormationClient);
  await client.send(new DeleteStackCommand({ StackName: "lmi-hello" }));
  const { code, stderr } = await attach();
  expect(code).toBe(3);
  expect(stderr).toContain("Stack lmi-hello could not be deleted completely: DELETE_FAILED.");
  expect(stderr).toContain("currently in use by 1 functions.");
  expect(stderr).toContain("lmi destroy --local   (goes on from here)");
}, 120_000);

test("without egress the function answers, and its lines are lost", async () => {
  const { update, project } = await failingStack();
  const began = new Date();
  const { code } = await update(describeAs("silent"), { fault: "no-egress" });
  expect(code).toBe(0);
  const { aws } = project;
  const payload = Buffer.from("{}");
  await expect(aws.functions.invoke({ functionName: "hello", payload })).resolves.toMatchObject({
    statusCode: 200,
    functionError: undefined,
  });
  const lines: unknown[] = [];
  for await (const line of aws.logs.events({ logGroup: "/aws/lambda/hello", since: began }))
    lines.push(line);
  expect(lines).toEqual([]);
}, 120_000);
