import { expect, it } from "vitest";
import { problems } from "./loading.ts";

const layer = "arn:aws:lambda:us-east-1:123456789012:layer:tools:3";
const vpcId = "vpc-12345678";
const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(10_000_000 + index)}`);

it.each([
  [{ capacity: { scaling: {} } }, "capacity.scaling.targetCpu", "whole number from 1 to 100"],
  [{ capacity: { scaling: { targetCpu: 0 } } }, "capacity.scaling.targetCpu", "from 1 to 100"],
  [{ capacity: { kmsKeyArn: "my-key" } }, "capacity.kmsKeyArn", "arn:aws:kms:"],
  [{ capacity: { logLevel: "ERROR" } }, "capacity.logLevel", "DEBUG or INFO or WARN"],
  [{ capacity: { propagateTags: { "aws:x": "y" } } }, "capacity.propagateTags.aws:x", "aws:"],
  [
    {
      capacity: {
        propagateTags: Object.fromEntries(Array.from("k".repeat(41), (k, n) => [k + n, ""])),
      },
    },
    "capacity.propagateTags",
    "at most 40 tags",
  ],
  [{ network: { vpcId, subnetIds: ids("subnet", 17) } }, "network.subnetIds", "1 to 16 subnets"],
  [{ network: { vpcId, subnetIds: [] } }, "network.subnetIds", "1 to 16 subnets"],
  [
    { network: { vpcId, subnetIds: [...ids("subnet", 1), ...ids("subnet", 1)] } },
    "network.subnetIds",
    "each subnet once",
  ],
  [
    { network: { vpcId, subnetIds: ids("subnet", 1), securityGroupIds: ids("sg", 6) } },
    "network.securityGroupIds",
    "1 to 5 security groups",
  ],
  [{ functions: { f: { layers: ["tools"] } } }, "functions.f.layers.0", ":layer:"],
  [{ functions: { f: { layers: Array(6).fill(layer) } } }, "functions.f.layers", "at most 5"],
  [{ functions: { f: { layers: layer } } }, "functions.f.layers", "an array"],
  [{ functions: { f: { policies: ["ReadOnlyAccess"] } } }, "functions.f.policies.0", "policy/Name"],
  [
    { functions: { f: { policies: [{ Acton: "s3:*" }] } } },
    "functions.f.policies.0.Acton",
    "setting",
  ],
  [{ functions: { f: { deadLetterArn: layer } } }, "functions.f.deadLetterArn", "arn:aws:sqs"],
  [{ functions: { f: { url: { auth: "all" } } } }, "functions.f.url.auth", "iam or none"],
])("wrong settings say what values there are: %j", async (file, where, words) => {
  expect(await problems(file)).toMatchObject([
    { path: where, message: expect.stringContaining(words) },
  ]);
});

it.each([
  ["a value that is missing", { capacity: { scaling: {} } }, "capacity.scaling.targetCpu"],
  ["a value of another kind", { functions: { f: { layers: layer } } }, "functions.f.layers"],
])("%s hides nothing that is wrong elsewhere", async (_, file, where) => {
  const more = {
    ...file,
    functions: { ...("functions" in file ? file.functions : {}), g: { memory: 2049 } },
  };
  const found = await problems(more);
  expect(found.map(({ path }) => path)).toEqual([where, "functions.g.memory"]);
});
