import { CreateCapacityProviderCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { Command } from "commander";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";

import { connectAws } from "../../../src/aws/connect.ts";
import { listCommand, type ListOptions, runList } from "../../../src/cli/commands/list.ts";
import type { Listing } from "../../../src/cli/commands/list/model.ts";
import { ownerOf } from "../../../src/cli/commands/list/owner.ts";
import { regionsOfLmi } from "../../../src/cli/region-check.ts";
import { fakeAccount } from "../../deploy/fake-aws.ts";
import { stackOf } from "../../helpers/recording-aws.ts";
import { createStack, startManagedStack } from "../../helpers/managed-stack.ts";
import { recordingDeps, sharedDefaults } from "../../deploy/recording-deps.ts";
import { referenceTemplate } from "../../local/cloudformation/resource-types/reference-template.ts";

const options: ListOptions = { ...sharedDefaults({ local: true }), allRegions: false };
const source = "exports.handler = async (event) => event;";

/** A stack of lmi's, and dependencies that reach every region of its target. */
async function account() {
  const stack = await startManagedStack();
  const { endpoint } = stack.target;
  const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
  const deps = () => ({
    ...stack.deps(),
    aws: async ({ region = "us-east-1" }: { readonly region?: string | undefined }) =>
      connectAws({ region, profile: undefined, endpoint, credentials, local: true }, {}),
  });
  return { ...stack, deps };
}

async function listing(
  { deps }: Awaited<ReturnType<typeof account>>,
  more: Partial<ListOptions> = {},
) {
  const own = deps();
  await runList({ ...options, ...more }, own);
  return { found: own.results[0] as Listing, text: own.rendered.join("") };
}

test("lists lmi's stack with its provider, and marks what other tools made", async () => {
  const own = await account();
  const { subnetIds, operatorRole } = await parts(own);
  const lambda = own.target.client(LambdaClient);
  await lambda.send(
    new CreateCapacityProviderCommand({
      CapacityProviderName: "by-hand",
      VpcConfig: { SubnetIds: subnetIds, SecurityGroupIds: [] },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: operatorRole },
      Tags: { ManagedBy: "Terraform" },
    }),
  );
  const cdk = JSON.parse(referenceTemplate(source)) as { Resources: object; Parameters?: object };
  cdk.Parameters = { BootstrapVersion: { Type: "String", Default: "x" } };
  await createStack(own.target, "orders", renamed(JSON.stringify(cdk)));

  const { found, text } = await listing(own);
  const [region] = found.regions;
  expect(found).toMatchObject({ account: "000000000000", failures: [] });
  expect(region?.stacks).toMatchObject([
    { stackName: "lmi-hello", project: "hello", status: "CREATE_COMPLETE" },
  ]);
  const byTool = Object.fromEntries(
    (region?.providers ?? []).map((each) => [each.owner.tool, each]),
  );
  expect(byTool).toMatchObject({
    lmi: {
      owner: { stackName: "lmi-hello" },
      functions: ["reference"],
      versions: 1,
      instances: [{ availabilityZone: "us-east-1a" }, { availabilityZone: "us-east-1b" }],
    },
    cdk: { owner: { stackName: "orders" }, functions: ["reference-2"], versions: 1 },
    terraform: {
      name: "by-hand",
      owner: { stackName: undefined },
      functions: [],
      instances: [],
      perDay: 0,
    },
  });
  expect(byTool["lmi"]?.perDay).toBeGreaterThan(1);
  expect(found.perDay).toBeGreaterThan((byTool["lmi"]?.perDay ?? 0) + (byTool["cdk"]?.perDay ?? 0));
  expect(text).toContain("not lmi's: CDK, stack orders");
  expect(text).toContain("not lmi's: Terraform");
  expect(text).toMatch(/^Account 000000000000: 3 capacity providers, 1 stack of lmi, ≈ \$/m);
});

test("--all-regions tells what is empty, and regions that do not answer beside those that do", async () => {
  const own = await account();
  await own.target.faults.add({
    fault: "expired-token",
    service: "lambda",
    region: "eu-south-1",
  });
  await own.target.faults.add({ fault: "access-denied", service: "lambda", region: "eu-west-1" });
  const { found, text } = await listing(own, { allRegions: true });
  expect(found.regions.map(({ region }) => region).toSorted()).toEqual(
    regionsOfLmi.filter((region) => !["eu-south-1", "eu-west-1"].includes(region)).toSorted(),
  );
  expect(found.failures).toMatchObject([
    { region: "eu-south-1", code: "LMI_CREDENTIALS_EXPIRED" },
    { region: "eu-west-1", code: "LMI_ACCESS_DENIED" },
  ]);
  expect(found.regions.filter(({ providers }) => providers.length > 0)).toHaveLength(1);
  expect(text).toMatch(/^Nothing in af-south-1, [^.]*us-west-2\.$/m);
  expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThan(120);
  expect(text).toMatch(/^Not known: eu-west-1: /m);
  expect(text).not.toContain("il-central-1");
}, 30_000);

test("a part that is denied is told, and the rest is there", async () => {
  const own = await account();
  await own.target.faults.add({ fault: "access-denied", service: "ec2" });
  await own.target.faults.add({ fault: "access-denied", service: "cloudformation" });
  const { found, text } = await listing(own);
  // By the tags that CloudFormation gave it.
  expect(found.regions[0]?.providers).toMatchObject([
    { owner: { tool: "lmi", stackName: "lmi-hello" }, instances: undefined, perDay: undefined },
  ]);
  expect(text).toContain("Not known: instances: ec2:DescribeInstances is not allowed");
  expect(text).toContain("cost not known");
  expect(found.isLeast).toBe(true);
  expect(text).toMatch(/of lmi, at least ≈ \$0\.00 a day/);
});

test("nothing: says where it looked", async () => {
  const own = await account();
  const { text } = await listing({
    ...own,
    deps: () => {
      const deps = own.deps();
      return { ...deps, aws: () => deps.aws({ region: "eu-west-2" }) };
    },
  });
  expect(text.split("\n")).toEqual([
    "No capacity provider and no stack of lmi in account 000000000000.",
    "Nothing in eu-west-2.",
  ]);
});

test("--all-regions and --region contradict each other", async () => {
  const deps = recordingDeps({ account: fakeAccount(), cwd: tmpdir(), answer: "nobody" });
  const given = { ...options, allRegions: true, region: "eu-west-1" };
  await expect(runList(given, deps)).rejects.toMatchObject({ code: "LMI_USAGE", exitCode: 2 });
});

test.each([
  ["list", { allRegions: false }],
  ["list --all-regions", { allRegions: true }],
])("%s", async (argv, expected) => {
  const seen: unknown[] = [];
  const deps = recordingDeps({ account: fakeAccount(), cwd: tmpdir(), answer: "nobody" });
  const command = listCommand(deps, async (given) => void seen.push(given));
  await new Command("lmi").addCommand(command).parseAsync(argv.split(" "), { from: "user" });
  expect(seen).toMatchObject([expected]);
});

const arn = "arn:aws:lambda:us-east-1:123456789012:capacity-provider:cp";
const noOrigin = { transforms: [], resourceTypes: [], parameters: [] };

test.each([
  [{ "lmi:project": "x", "aws:cloudformation:stack-name": "s" }, {}, noOrigin, "lmi", "s"],
  [{ "aws:cloudformation:stack-name": "s" }, { "lmi:project": "x" }, noOrigin, "lmi", "s"],
  [undefined, { "lmi:project": "x" }, noOrigin, "lmi", "s"],
  [{}, {}, { ...noOrigin, transforms: ["AWS::Serverless-2016-10-31"] }, "sam", "s"],
  [{}, {}, { ...noOrigin, resourceTypes: ["AWS::CDK::Metadata"] }, "cdk", "s"],
  [{}, {}, undefined, "cloudformation", "s"],
])("tags %o, stack tags %o, template %o: %s", async (tags, stackTags, origin, tool, stackName) => {
  const stack = stackOf({ stackName: "s", tags: stackTags, outputs: { Arn: arn } });
  const owner = await ownerOf({ arn, tags, stacks: [stack], origin: async () => origin });
  expect(owner).toEqual({ tool, stackName });
});

async function parts({ outputs, aws }: Awaited<ReturnType<typeof account>>) {
  const [provider] = await aws.inventory.capacityProviders();
  const live = await aws.capacityProviders.properties(provider?.arn ?? "");
  const permissions = live?.["PermissionsConfig"] as {
    readonly CapacityProviderOperatorRoleArn: string;
  };
  expect(outputs).toBeDefined();
  return {
    subnetIds: [...(provider?.subnetIds ?? [])],
    operatorRole: permissions.CapacityProviderOperatorRoleArn,
  };
}

/** The same again, without the log group that is taken. */
function renamed(template: string): string {
  return template
    .replaceAll('"reference"', '"reference-2"')
    .replaceAll("/aws/lambda/reference", "/aws/lambda/reference-2");
}
