import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeDetails, renderChanges } from "../../src/cli/commands/deploy/render-changes.ts";
import { type ChangeSummary, needsApproval } from "../../src/deploy/changes.ts";
import { diffStack } from "../../src/deploy/diff-stack.ts";
import { App, Aws, Stack } from "aws-cdk-lib/core";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnCapacityProvider, CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { CfnParameter } from "aws-cdk-lib/aws-ssm";

const target = {
  region: "eu-west-1",
  profile: undefined,
  endpoint: undefined,
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
  local: true,
};
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmi-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Variant {
  readonly maxVCpuCount?: number;
  readonly architecture?: string;
  readonly openPort?: boolean;
  readonly role?: boolean;
  /** What the role may do. */
  readonly managedPolicy?: string;
  /** Value of a function's environment variable. */
  readonly secret?: string;
  /** What a secret and a parameter hold. */
  readonly own?: string;
}

function assembly({
  maxVCpuCount = 30,
  architecture = "x86_64",
  openPort = false,
  role = true,
  managedPolicy,
  secret,
  own,
}: Variant) {
  const app = new App({
    outdir: join(folder, String(Math.random())),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, "lmi-hello", { stackName: "lmi-hello" });
  if (role) {
    const statement = {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    new CfnRole(stack, "Role", {
      assumeRolePolicyDocument: { Version: "2012-10-17", Statement: [statement] },
      ...(managedPolicy === undefined ? {} : { managedPolicyArns: [managedPolicy] }),
    });
  }
  if (secret !== undefined) {
    new CfnFunction(stack, "Fn", {
      role: "arn:aws:iam::123456789012:role/r",
      code: { s3Bucket: "b", s3Key: "k" },
      environment: { variables: { API_KEY: secret } },
    });
  }
  if (own !== undefined) {
    new CfnSecret(stack, "Sec", { secretString: own });
    const description = JSON.stringify({ host: "h", api_key: own });
    new CfnParameter(stack, "Db", { type: "String", value: own, description });
  }
  const ingress = { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIp: "0.0.0.0/0" };
  new CfnSecurityGroup(stack, "Group", {
    groupDescription: "g",
    vpcId: "vpc-1",
    ...(openPort ? { securityGroupIngress: [ingress] } : {}),
  });
  new CfnCapacityProvider(stack, "Provider", {
    vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
    permissionsConfig: { capacityProviderOperatorRoleArn: "arn:aws:iam::123456789012:role/r" },
    instanceRequirements: { architectures: [architecture] },
    capacityProviderScalingConfig: { maxVCpuCount },
  });
  const { directory, stacks } = app.synth();
  return { directory, template: JSON.stringify(stacks[0]?.template) };
}

async function changesBetween(before: Variant | undefined, after: Variant): Promise<ChangeSummary> {
  const deployedTemplate = before === undefined ? undefined : assembly(before).template;
  return diffStack(
    {
      assemblyDirectory: assembly(after).directory,
      stackName: "lmi-hello",
      deployedTemplate,
      tags: { team: "after" },
      deployedTags: before && { team: "before" },
    },
    { target, credentials: () => Promise.reject(new Error("a diff asks AWS nothing")) },
  );
}

describe("what a deploy changes", () => {
  test("at first everything is added, and the role is told with who may take it", async () => {
    const changes = await changesBetween(undefined, {});
    expect(changes.resources.map(({ kind }) => kind)).toEqual(["add", "add", "add"]);
    expect(renderChanges(changes)).toContain("IAM     + Role  taken by lambda.amazonaws.com");
    expect(changeDetails(changes)).toContain(
      "IAM + Service:lambda.amazonaws.com allows sts:AssumeRole on Role.Arn",
    );
    expect(changes.broadening).toBe(true);
    expect(changes.tags).toEqual([]);
  });

  test("tags of the stack are told, and asked for by who wants to see any change", async () => {
    const changes = await changesBetween({}, {});
    expect(changes).toMatchObject({ resources: [], otherChanges: false });
    expect(renderChanges(changes)).toBe("Tags    ~ team  before → after");
    expect(needsApproval("any-change", changes)).toBe(true);
    expect(needsApproval("broadening", changes)).toBe(false);
  });

  test.each([
    ["arn:aws:iam::aws:policy/Some", "arn:aws:iam::aws:policy/service-role/Some"],
    ["arn:aws:iam::aws:policy/Some", "arn:${AWS::Partition}:iam::aws:policy/Some"],
  ])("%s and %s are told apart, though their names are alike", async (before, after) => {
    const managedPolicy = after.replace("${AWS::Partition}", Aws.PARTITION);
    const changes = await changesBetween({ managedPolicy: before }, { managedPolicy });
    expect(changes.security).toMatchObject([
      { sign: "+", subject: "Role", words: after },
      { sign: "-", subject: "Role", words: before },
    ]);
    expect(Object.keys(changes.security[0] ?? {})).not.toContain("exact");
  });

  test("values of environment variables are never told, only their names", async () => {
    const changes = await changesBetween({ secret: "hunter2" }, { secret: "hunter3" });
    expect(changes.resources).toMatchObject([
      {
        logicalId: "Fn",
        properties: [
          { name: "Environment", before: "variables API_KEY", after: "variables API_KEY" },
        ],
      },
    ]);
    expect(JSON.stringify(changes)).not.toContain("hunter");
  });

  test("nor are secrets of resources of one's own", async () => {
    const changes = await changesBetween({ own: "hunter1" }, { own: "hunter2" });
    const sorted = changes.resources.toSorted((one, other) => one.type.localeCompare(other.type));
    const shown = sorted.map(({ logicalId, properties }) => [
      logicalId,
      properties.map(({ name, before, after }) => [name, before, after]),
    ]);
    expect(shown).toEqual([
      ["Sec", [["SecretString", "(not shown)", "(not shown)"]]],
      [
        "Db",
        [
          [
            "Description",
            '{"host":"h","api_key":"(not shown)"}',
            '{"host":"h","api_key":"(not shown)"}',
          ],
          ["Value", "(not shown)", "(not shown)"],
        ],
      ],
    ]);
    expect(JSON.stringify(changes)).not.toContain("hunter");
  });

  test("a higher cap is a change in place that needs no yes", async () => {
    const changes = await changesBetween({}, { maxVCpuCount: 40 });
    expect(changes.resources).toEqual([
      {
        logicalId: "Provider",
        type: "AWS::Lambda::CapacityProvider",
        kind: "modify",
        properties: [
          {
            name: "CapacityProviderScalingConfig",
            before: '{"MaxVCpuCount":30}',
            after: '{"MaxVCpuCount":40}',
            replaces: false,
          },
        ],
      },
    ]);
    expect(needsApproval("broadening", changes)).toBe(false);
    expect(needsApproval("any-change", changes)).toBe(true);
    expect(needsApproval("destructive", changes)).toBe(false);
  });

  test("another architecture replaces the provider, in words", async () => {
    const changes = await changesBetween({}, { architecture: "arm64" });
    expect(changes.resources).toMatchObject([{ logicalId: "Provider", kind: "replace" }]);
    expect(renderChanges(changes)).toMatch(
      /1 resource replaced: [^]*Provider \(capacity provider\)/,
    );
    expect(needsApproval("destructive", changes)).toBe(true);
    expect(renderChanges(changes)).toMatch(
      /^ {2}Provider \(InstanceRequirements\): Lambda launches [^]*\n {4}Without a gap: To see/m,
    );
  });

  test("what callers lose with a function is told, and what nobody notices is not", async () => {
    const changes = await changesBetween({ secret: "x" }, { role: false });
    expect(changes.resources.map(({ logicalId, consequence }) => [logicalId, consequence?.means]))
      .toMatchInlineSnapshot(`
      [
        [
          "Role",
          undefined,
        ],
        [
          "Fn",
          "Whoever calls it gets ResourceNotFoundException, and its URL and event sources go with it.",
        ],
      ]
    `);
  });

  test("an open port is a broadening, shown with who may come in", async () => {
    const changes = await changesBetween({}, { openPort: true });
    expect(renderChanges(changes)).toMatch(/^Network \+ Group  lets in .*22 from everyone/m);
    expect(needsApproval("broadening", changes)).toBe(true);
    expect(needsApproval("never", changes)).toBe(false);
  });

  test("a removed role is deleted and narrows permissions", async () => {
    const changes = await changesBetween({}, { role: false });
    expect(changes.resources).toMatchObject([{ logicalId: "Role", kind: "remove" }]);
    expect(changes.broadening).toBe(false);
    expect(changes.security.every(({ sign }) => sign === "-")).toBe(true);
  });
});
