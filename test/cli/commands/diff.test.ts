import { expect, test } from "vitest";

import type { ChangeSummary } from "../../../src/deploy/changes.ts";
import { type DiffOptions, runDiff } from "../../../src/cli/commands/diff.ts";
import { renderDiff } from "../../../src/cli/commands/diff/render-diff.ts";
import type { Difference } from "../../../src/cli/commands/diff.ts";
import type { LmiError } from "../../../src/errors.ts";
import { projectFolder, recordingDeps, sharedDefaults } from "../../deploy/recording-deps.ts";
import { fakeAccount } from "../../deploy/fake-aws.ts";
import { settingsOf } from "../../synth/reference-settings.ts";
import { templateOf } from "../../synth/template.ts";
import { monthlyCost } from "../../../src/synth/cost/monthly-cost.ts";
import { settingsOfTemplate } from "../../../src/synth/cost/template-settings.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";

const options: DiffOptions = { ...sharedDefaults(), settings: {}, fail: false, drift: false };

const summary = {
  resources: [
    { logicalId: "New", type: "AWS::IAM::Role", kind: "add" as const, properties: [] },
    {
      logicalId: "Pool",
      type: "AWS::Lambda::CapacityProvider",
      kind: "replace" as const,
      properties: [{ name: "KmsKeyArn", before: undefined, after: "arn", replaces: true }],
      consequence: { means: "Both run for a while.", without: "Make a second one." },
    },
    {
      logicalId: "Fn",
      type: "AWS::Lambda::Function",
      kind: "modify" as const,
      properties: [
        { name: "MemorySize", before: "2048", after: "4096", replaces: false },
        { name: "Description", before: "old", after: undefined, replaces: false },
        { name: "Environment", before: "variables A", after: "variables A", replaces: false },
      ],
    },
  ],
  security: [
    { kind: "iam" as const, sign: "+" as const, subject: "New", words: "takes all", text: "" },
  ],
  broadening: true,
  otherChanges: false,
  tags: [],
};

test("shows what is refused and permissions first, replacements before the rest, property by property, cost last", () => {
  const difference: Difference = {
    stackName: "lmi-hello",
    status: "CREATE_COMPLETE",
    ...summary,
    tags: [
      { name: "city", before: "Bonn", after: "Köln" },
      { name: "team", before: undefined, after: "shop" },
      { name: "old", before: "1", after: undefined },
    ],
    refused: [{ code: "LMI_FUNCTION_KIND", message: "It stays.", why: "So.", next: "Rename it" }],
    beside: [],
    drift: undefined,
    cost: {
      before: { minimum: 100, cap: 900 },
      after: { minimum: 179, cap: 1100 },
      without: ["Without the resources of your own: Jobs (AWS::SQS::Queue)."],
    },
  };
  expect(renderDiff(difference).split("\n")).toEqual([
    "Refused It stays. Rename it.",
    "IAM     + New  takes all",
    "Tags    ~ city  Bonn → Köln",
    "        + team  shop",
    "        - old  was 1",
    "± Pool (capacity provider)  REPLACED: a new one is made, then the old one",
    "      deleted",
    "    KmsKeyArn  set to arn  (this replaces it)",
    "    Both run for a while.",
    "    Without a gap: Make a second one.",
    "~ Fn (function)  changed in place",
    "    MemorySize  2048 → 4096",
    "    Description  old removed",
    "    Environment  variables A, with other values",
    "+ New (role)  new",
    "Cost    ≈ $179 a month at the minimum, up to ≈ $1,100; before ≈ $100, up to ≈",
    "        $900",
    "        Without the resources of your own: Jobs (AWS::SQS::Queue).",
  ]);
});

async function diff(given: Partial<DiffOptions> = {}, changes: ChangeSummary = summary) {
  const cwd = await projectFolder();
  const deps = recordingDeps({ cwd, account: fakeAccount(), answer: "nobody" });
  const error = await runDiff({ ...options, ...given }, deps, { diff: async () => changes }).then(
    () => undefined,
    (thrown: LmiError) => thrown,
  );
  return { error, results: deps.results as Difference[] };
}

test("compares with nothing where no stack is", async () => {
  const { error, results } = await diff();
  expect(error).toBeUndefined();
  expect(results).toMatchObject([{ status: undefined, cost: { before: undefined } }]);
  expect(results[0]?.resources).toHaveLength(3);
});

test("--fail ends with 1 where anything differs; as JSON the failure is the one document", async () => {
  const text = await diff({ fail: true });
  expect(text.error).toMatchObject({ code: "LMI_DIFFERENT", exitCode: 1 });
  expect(text.results).toHaveLength(1);
  expect(text.error?.next).toBe("Deploy it: lmi deploy");
  const local = await diff({ fail: true, local: true });
  expect(local.error?.next).toBe("Deploy it: lmi deploy --local");
  const json = await diff({ fail: true, json: true });
  expect(json.results).toHaveLength(0);
  expect(json.error?.details).toMatchObject({ stackName: expect.any(String), broadening: true });
});

test("another tag of the stack is a difference, though no template shows it", async () => {
  const tags = [{ name: "team", before: "a", after: "b" }];
  const only = { resources: [], security: [], broadening: false, otherChanges: false, tags };
  const { error, results } = await diff({ fail: true }, only);
  expect(error).toMatchObject({ code: "LMI_DIFFERENT", next: "Deploy it: lmi deploy" });
  expect(renderDiff(results[0] as Difference)).not.toContain("Nothing differs");
});

test.each<[string, SettingsInput]>([
  ["the defaults", {}],
  [
    "NAT gateways in each zone, arm64",
    { network: { azs: 3, natGateways: "each" }, capacity: { architecture: "arm64" } },
  ],
  ["endpoints", { network: { egress: "endpoints", azs: 2, endpoints: ["sqs", "dynamodb"] } }],
  ["public subnets", { network: { egress: "public", azs: 2 } }],
  ["allowed types", { capacity: { instanceTypes: { allow: ["m7i.large"] }, maxVCpu: 64 } }],
  [
    "several providers",
    {
      capacityProviders: { batch: { architecture: "arm64" } },
      functions: {
        api: { minEnvironments: 2, maxEnvironments: 9 },
        jobs: { capacityProvider: "batch", memory: 8192, memoryPerVCpu: 8 },
      },
    },
  ],
  ["a VPC that exists", { network: { vpcId: "vpc-12345678", subnetIds: ["subnet-12345678"] } }],
])("a deployed template costs what its settings cost: %s", async (_name, input) => {
  const deployed = settingsOfTemplate(await templateOf(input), "us-east-1");
  if (!deployed) throw new Error("no settings in the template");
  const [before, after] = [monthlyCost(deployed), monthlyCost(settingsOf(input))];
  expect(before.minimum).toBeCloseTo(after.minimum, 6);
  expect(before.cap).toBeCloseTo(after.cap, 6);
});
