import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  TagResourceCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";

/** The machine may be busy. */
const patience = { timeout: 60_000, interval: 50 };
const StackName = "secretive";

const body = (Variables: Record<string, string>, Description = "first") =>
  JSON.stringify({
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
          FunctionName: "f",
          Description,
          Role: { "Fn::GetAtt": ["Role", "Arn"] },
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Code: { ZipFile: "export const handler = () => 1" },
          Environment: { Variables },
        },
      },
    },
  });

async function started() {
  const lines: string[] = [];
  const target = await startTestTarget({ log: (line) => lines.push(line) });
  const cloudformation = target.client(CloudFormationClient);
  const lambda = target.client(LambdaClient);
  const status = async () => {
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0]?.StackStatus;
  };
  const deployed = async (TemplateBody: string, expected: string) => {
    const request = { StackName, TemplateBody, Capabilities: ["CAPABILITY_IAM" as const] };
    await cloudformation.send(
      expected.startsWith("UPDATE")
        ? new UpdateStackCommand(request)
        : new CreateStackCommand(request),
    );
    await expect.poll(status, patience).toBe(expected);
  };
  return {
    lines,
    cloudformation,
    lambda,
    secrets: target.client(SecretsManagerClient),
    ssm: target.client(SSMClient),
    deployed,
    events: async () =>
      (await cloudformation.send(new DescribeStackEventsCommand({ StackName }))).StackEvents ?? [],
    variables: async () =>
      (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "f" }))).Environment
        ?.Variables,
  };
}

const reference = "{{resolve:secretsmanager:shop/db:SecretString:password}}";

test("the function gets the value, and nothing that the stack tells has it", async () => {
  const { lines, cloudformation, secrets, ssm, deployed, events, variables } = await started();
  await secrets.send(
    new CreateSecretCommand({ Name: "shop/db", SecretString: '{"password":"hush-1","port":5432}' }),
  );
  await ssm.send(new PutParameterCommand({ Name: "/shop/table", Type: "String", Value: "orders" }));
  const wanted = {
    PASSWORD: `x ${reference} y`,
    PORT: "{{resolve:secretsmanager:shop/db:SecretString:port}}",
    TABLE: "{{resolve:ssm:/shop/table}}",
  };
  await deployed(body(wanted), "CREATE_COMPLETE");
  expect(await variables()).toEqual({ PASSWORD: "x hush-1 y", PORT: "5432", TABLE: "orders" });

  await secrets.send(
    new PutSecretValueCommand({ SecretId: "shop/db", SecretString: '{"password":"hush-2"}' }),
  );
  // Something else of the function changes, and the secret is read again.
  await deployed(body({ PASSWORD: reference }, "second"), "UPDATE_COMPLETE");
  expect(await variables()).toEqual({ PASSWORD: "hush-2" });

  await cloudformation.send(new DetectStackDriftCommand({ StackName }));
  const { StackResourceDrifts = [] } = await cloudformation.send(
    new DescribeStackResourceDriftsCommand({ StackName }),
  );
  expect(
    StackResourceDrifts.map(({ StackResourceDriftStatus }) => StackResourceDriftStatus),
  ).toEqual(["IN_SYNC", "IN_SYNC"]);
  const template = await cloudformation.send(new GetTemplateCommand({ StackName }));
  const told = JSON.stringify([await events(), StackResourceDrifts, template, lines]);
  expect(told).toContain(reference);
  expect(told).not.toContain("hush");
});

test.each<[string, string, RegExp]>([
  ["a secret that is not there", "{{resolve:secretsmanager:none}}", /can't find the specified/],
  [
    "a key that it has not",
    "{{resolve:secretsmanager:shop/db:SecretString:user}}",
    /Could not find a value associated with JSONKey.*shop\/db has no key user/,
  ],
  [
    "a key of what is no JSON",
    "{{resolve:secretsmanager:plain:SecretString:user}}",
    /plain is no JSON/,
  ],
  [
    "a version that it has not",
    "{{resolve:secretsmanager:shop/db:SecretString::AWSPREVIOUS}}",
    /staging label: AWSPREVIOUS/,
  ],
  ["a kind that is none", "{{resolve:secretsmanager:shop/db:SecretBinary}}", /SecretString/],
  ["a SecureString", "{{resolve:ssm-secure:/a:1}}", /ssm-secure .* not supported/],
])("a reference to %s fails the function, and says why without the secret", async (...row) => {
  const [, text, reason] = row;
  const { secrets, deployed, events } = await started();
  await secrets.send(new CreateSecretCommand({ Name: "shop/db", SecretString: '{"a":"hush"}' }));
  await secrets.send(new CreateSecretCommand({ Name: "plain", SecretString: "hush" }));
  await deployed(body({ TOKEN: text }), "ROLLBACK_COMPLETE");
  const failed = (await events()).filter(
    ({ ResourceStatus, ResourceType }) =>
      ResourceStatus === "CREATE_FAILED" && ResourceType === "AWS::Lambda::Function",
  );
  expect(failed.map(({ ResourceStatusReason }) => ResourceStatusReason)).toEqual([
    expect.stringMatching(reason),
  ]);
  expect(JSON.stringify(failed)).not.toContain("hush");
});

test("a stack can be deleted when its secret is gone", async () => {
  const { cloudformation, secrets, deployed } = await started();
  await secrets.send(
    new CreateSecretCommand({ Name: "shop/db", SecretString: '{"password":"v"}' }),
  );
  await deployed(body({ PASSWORD: reference }), "CREATE_COMPLETE");
  await secrets.send(
    new DeleteSecretCommand({ SecretId: "shop/db", ForceDeleteWithoutRecovery: true }),
  );
  await cloudformation.send(new DeleteStackCommand({ StackName }));
  await expect
    .poll(
      () =>
        cloudformation
          .send(new DescribeStacksCommand({ StackName }))
          .catch((error: Error) => error.message),
      patience,
    )
    .toMatch(/does not exist/);
});

test("a value in a list is not told with drift either", async () => {
  const { cloudformation, secrets, deployed, lambda } = await started();
  await secrets.send(
    new CreateSecretCommand({ Name: "shop/db", SecretString: '{"password":"hush-1"}' }),
  );
  const tagged = JSON.parse(body({})) as {
    Resources: { Function: { Properties: Record<string, unknown> } };
  };
  tagged.Resources.Function.Properties["Tags"] = [
    { Key: "team", Value: "shop" },
    { Key: "key", Value: reference },
  ];
  await deployed(JSON.stringify(tagged), "CREATE_COMPLETE");
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: "f" }));
  await lambda.send(
    new TagResourceCommand({ Resource: Configuration?.FunctionArn, Tags: { team: "other" } }),
  );
  await cloudformation.send(new DetectStackDriftCommand({ StackName }));
  const { StackResourceDrifts = [] } = await cloudformation.send(
    new DescribeStackResourceDriftsCommand({ StackName }),
  );
  const drifted = StackResourceDrifts.find(
    ({ LogicalResourceId }) => LogicalResourceId === "Function",
  );
  expect(drifted?.PropertyDifferences?.map(({ ActualValue }) => ActualValue)).toEqual(["other"]);
  expect(JSON.stringify(StackResourceDrifts)).not.toContain("hush");
});
