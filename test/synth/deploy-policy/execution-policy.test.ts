import { describe, expect, test } from "vitest";

import { executionPolicy } from "../../../src/synth/deploy-policy/execution-policy.ts";
import type { AllowStatement } from "../../../src/synth/deploy-policy/policy-document.ts";
import { partitionOf } from "../../../src/synth/deploy-policy/policy-place.ts";
import { needsLookup } from "../../../src/synth/existing-vpc.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { validateTemplate } from "../../../src/synth/validate-template.ts";
import { sampleProjects } from "../../helpers/random-settings/random-project.ts";
import { settingsOf } from "../reference-settings.ts";
import { templateOf } from "../template.ts";

const place = {
  partition: "aws",
  account: "123456789012",
  region: "eu-west-1",
  stackName: "lmi-hello",
};

async function policyOf(input: SettingsInput = {}) {
  const { document, unknown } = executionPolicy(await templateOf(input), place);
  const statements: Readonly<Record<string, AllowStatement>> = Object.fromEntries(
    document.Statement.map((statement) => [statement.Sid, statement]),
  );
  return { document, unknown, statements };
}

/** What AWS's validator says of the policy as a managed policy in a template. */
function findings(PolicyDocument: object) {
  const template = {
    Resources: { Policy: { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument } } },
  };
  return validateTemplate(template).filter(({ severity }) => severity === "error");
}

describe("the reference stack", () => {
  test("is bound to its own names, account and region", async () => {
    const { statements, unknown } = await policyOf();
    expect(unknown).toEqual([]);
    expect(statements["Functions"]?.Resource).toEqual([
      "arn:aws:lambda:eu-west-1:123456789012:function:my-managed-instance-function",
      "arn:aws:lambda:eu-west-1:123456789012:function:my-managed-instance-function:*",
    ]);
    expect(statements["CapacityProviders"]).toMatchObject({
      Action: expect.arrayContaining(["lambda:PassCapacityProvider"]) as string[],
      Resource: ["arn:aws:lambda:eu-west-1:123456789012:capacity-provider:lmi-hello-*"],
    });
    expect(statements["Roles"]?.Resource).toEqual(["arn:aws:iam::123456789012:role/lmi-hello-*"]);
    expect(statements["Network"]?.Resource).toContain("arn:aws:ec2:eu-west-1:123456789012:vpc/*");
    expect(statements["Network"]?.Resource.join()).not.toContain(":instance/");
    expect(statements["PassedRoles"]).toMatchObject({
      Action: ["iam:PassRole"],
      Condition: {
        StringEquals: {
          "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"],
        },
      },
    });
  });

  test("nothing but reading is allowed on everything, and no action has a star", async () => {
    const { document } = await policyOf();
    const onAll = document.Statement.filter(({ Resource }) => Resource.includes("*"));
    const writes = onAll
      .flatMap(({ Action }) => Action)
      .filter((action) => !/:(?:Describe|Get|List)/.test(action));
    expect(writes).toEqual([]);
    expect(
      document.Statement.flatMap(({ Action }) => Action).filter((name) => name.includes("*")),
    ).toEqual([]);
  });

  test("AWS's validator takes it, and would not take a wrong one; it fits into one managed policy", async () => {
    const { document } = await policyOf();
    expect(findings(document)).toEqual([]);
    expect(
      findings({ ...document, Statement: [{ ...document.Statement[0], Effect: "Permit" }] }),
    ).not.toEqual([]);
    expect(JSON.stringify(document).length).toBeLessThan(6144);
  });
});

test("what a VPC that exists needs no permission for is not there", async () => {
  const { statements } = await policyOf({
    network: {
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0"],
      securityGroupIds: ["sg-0123456789abcdef0"],
    },
  });
  expect(statements).not.toHaveProperty("Network");
});

test("keys and layers ask for what belongs to them", async () => {
  const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1";
  const layers = ["arn:aws:lambda:eu-west-1:123456789012:layer:x:1"];
  const plain = await policyOf({ functions: { fn: { entry: "a.ts" } } });
  const more = await policyOf({ functions: { fn: { entry: "a.ts", kmsKeyArn, layers } } });
  const actions = ({ document }: typeof plain) =>
    document.Statement.flatMap(({ Action }) => Action);
  for (const action of ["kms:Decrypt", "lambda:GetLayerVersion"]) {
    expect(actions(plain)).not.toContain(action);
    expect(actions(more)).toContain(action);
  }
});

test("of a resource type that it does not know it says so", async () => {
  const { unknown } = await policyOf({ resources: { Table: { Type: "AWS::DynamoDB::Table" } } });
  expect(unknown).toEqual(["AWS::DynamoDB::Table"]);
});

test("whatever settings make has its permissions", { timeout: 30_000 }, async () => {
  for (const { settings, environment } of sampleProjects(40)) {
    const own = {
      ...settings,
      resources: {},
      overrides: {},
      outputs: {},
      conditions: {},
      parameters: {},
    };
    if (needsLookup(settingsOf(own, environment).network)) continue;
    const template = await templateOf(own, environment); // One after the other: it is work, not waiting
    const { document, unknown } = executionPolicy(template, place);
    expect(unknown).toEqual([]);
    expect(document.Statement.filter(({ Resource }) => Resource.length === 0)).toEqual([]);
  }
});

test.each([
  ["eu-west-1", "aws"],
  ["cn-north-1", "aws-cn"],
  ["us-gov-west-1", "aws-us-gov"],
])("%s is in the partition %s", (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
