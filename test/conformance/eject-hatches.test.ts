import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test, vi } from "vitest";

import {
  eject,
  linkPackages,
  lmiTemplate,
  synthesizeApps,
  typeErrors,
} from "../helpers/ejected-apps.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

// Node, esbuild and tsc as processes of their own.
vi.setConfig({ testTimeout: 120_000 });

/** Ejects a project of these settings; gives its files and both templates. */
async function ejected(settings: object, files: Record<string, string> = {}) {
  const folder = await temporaryFolder({
    "project/lmi.json": JSON.stringify({ name: "hello", ...settings }),
    "project/handler.ts": "export const handler = async () => 1;",
    ...files,
  });
  await linkPackages(folder);
  const cwd = path.join(folder, "project");
  const directory = path.join(folder, "ejected");
  await eject(cwd, { output: directory });
  const { Metadata: _lmi, ...expected } = await lmiTemplate(cwd);
  // What npm install brings besides what linkPackages has.
  const installed = Object.keys(files).filter((file) => file.startsWith("project/node_modules/"));
  for (const file of installed) {
    await cp(path.join(folder, file), path.join(directory, file.slice("project/".length)));
  }
  const [template] = await synthesizeApps(folder, [{ directory, stackName: "lmi-hello" }]);
  expect(await typeErrors(folder, [directory])).toBe("");
  const read = (file: string) => readFile(path.join(directory, "infra", file), "utf8");
  /** The template after a change to a file of the app. */
  const changed = async (file: string, from: string, to: string) => {
    const name = path.join(directory, "infra", file);
    await writeFile(name, (await read(file)).replace(from, to));
    const [after] = await synthesizeApps(folder, [{ directory, stackName: "lmi-hello" }]);
    return after;
  };
  return { expected, template, read, changed };
}

const fn = { entry: "handler.ts" };

test("raw overrides: known, unknown to the construct, and refused by it", async () => {
  const { expected, template, read } = await ejected({
    functions: { fn },
    overrides: {
      fn: {
        "Properties.Description": { "Fn::Join": ["", ["a", "b"]] },
        "Properties.NotYetKnown": { Deep: ["x", { Ref: "Vpc" }] },
        "Properties.VpcConfig.AlsoNew": true,
      },
      Vpc: { "Properties.CidrBlock": 7 },
      SecurityGroup: { DeletionPolicy: "Retain", "Metadata.note": "kept" },
      NatGateway: { CreationPolicy: { Never: "mind" } },
      Subnet1: {
        "Properties.Tags": [
          { Key: "z", Value: "1" },
          { Key: "a", Value: "2" },
        ],
      },
    },
  });
  expect(template).toEqual(expected);
  expect(await read("functions/fn.ts")).toContain('addPropertyOverride("NotYetKnown.Deep"');
  expect(await read("network.ts")).toContain('new CfnResource(stack, "Vpc"');
});

test("further resources, beside and around the functions, outputs, conditions and parameters", async () => {
  const { expected, template, read } = await ejected({
    functions: { fn },
    parameters: {
      Stage: { Type: "String", Default: "prod", AllowedValues: ["dev", "prod"], NoEcho: true },
      Size: { Type: "Number", Default: 3 },
    },
    conditions: {
      Both: { "Fn::And": [{ Condition: "Prod" }, { "Fn::Not": [{ Condition: "Prod" }] }] },
      Prod: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
    },
    resources: {
      Table: {
        Type: "AWS::DynamoDB::Table",
        Properties: {
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        },
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Snapshot",
        Condition: "Prod",
      },
      Alarm: {
        Type: "AWS::CloudWatch::Alarm",
        DependsOn: ["Table", "FnLambda"],
        Properties: {
          ComparisonOperator: "GreaterThanThreshold",
          EvaluationPeriods: { Ref: "Size" },
          Threshold: 1,
          Dimensions: [{ Name: "FunctionName", Value: { Ref: "FnLambda" } }],
          AlarmActions: { "Fn::Split": [",", "a,b"] },
          AlarmDescription: { "Fn::Sub": "of ${FnLambda.Arn} in ${AWS::Region}" },
        },
      },
      Own: {
        Type: "Custom::Thing",
        Properties: { ServiceToken: { "Fn::GetAtt": ["FnLambda", "Arn"] } },
      },
      Bare: { Type: "AWS::SQS::Queue" },
    },
    outputs: {
      Table: { Value: { "Fn::GetAtt": ["Table", "StreamArn"] }, Condition: "Prod" },
      Stage: {
        Value: { Ref: "Stage" },
        Export: { Name: { "Fn::Sub": "${AWS::StackName}-stage" } },
      },
      Number: { Value: 5 },
    },
  });
  expect(template).toEqual(expected);
  expect(await read("resources.ts")).toContain("new dynamodb.CfnTable");
  expect(await read("integrations.ts")).toContain("new cloudwatch.CfnAlarm");
});

const environment = (id: string) => ({ "Properties.Environment.Variables.OTHER": { Ref: id } });
const mapping = (key: string) => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Type: "String", Value: { "Fn::GetAtt": [`${key}Role`, "Arn"] } },
});

test("functions that need each other through further resources stand in one file", async () => {
  const { expected, template, read } = await ejected({
    functions: { one: fn, two: { entry: "handler.ts", memory: 4096 } },
    overrides: { one: environment("TwoRoleArn"), two: environment("OneRoleArn") },
    resources: { TwoRoleArn: mapping("TwoLambda"), OneRoleArn: mapping("OneLambda") },
  });
  expect(template).toEqual(expected);
  expect(await read("resources.ts")).toContain("OneLambda");
});

test("texts that would be code in a template literal, or a name of the language", async () => {
  const { expected, template } = await ejected({
    capacity: { maxVCpu: 100 },
    functions: {
      delete: { ...fn, environment: { AB: "`${process.exit(1)}` \\ \u2028 \"'" } },
      "a-b": { ...fn, environment: { BC: "lmi-hello" } },
      a_b: fn,
      stack: fn,
      network: fn,
    },
    tags: { "a=b+c": "it@s: // - b" },
  });
  expect(template).toEqual(expected);
});

test("a version keeps its id while its function stays the same, and gets another one with it", async () => {
  const { expected, template, changed } = await ejected({
    functions: { fn: { ...fn, aliases: { live: "version" } } },
  });
  expect(template).toEqual(expected);
  const versionOf = (all = template) =>
    Object.keys(all?.Resources ?? {}).filter((id) => id.startsWith("FnLambdaVersion"));
  const later = await changed("functions/fn.ts", "timeout: 30", "timeout: 31");
  expect(versionOf(later)).toHaveLength(1);
  expect(versionOf(later)).not.toEqual(versionOf());
  expect(await changed("functions/fn.ts", "timeout: 31", "timeout: 30")).toEqual(expected);
});

test("packages and source in CommonJS are bundled to the same code", async () => {
  const { expected, template } = await ejected(
    {
      capacity: { maxVCpu: 60 },
      functions: { fn: { entry: "src/esm.ts" }, old: { entry: "src/old.cts" } },
    },
    {
      "project/node_modules/greet/package.json": JSON.stringify({
        version: "1.0.0",
        main: "index.js",
      }),
      "project/node_modules/greet/index.js": "exports.greet = () => 1; exports.default = 2;",
      "project/package.json": JSON.stringify({ name: "untyped" }),
      "project/tsconfig.json": JSON.stringify({
        compilerOptions: { target: "es2020", strict: true },
      }),
      "project/src/esm.ts":
        'import greet from "greet";\nclass A { b = greet; }\nexport const handler = async () => new A();',
      "project/src/old.cts": 'exports.handler = async () => require("greet");',
    },
  );
  expect(template).toEqual(expected);
});

test("ready-made code of each kind is uploaded from where its build puts it", async () => {
  const { expected, template } = await ejected(
    {
      capacity: { maxVCpu: 90 },
      functions: {
        folder: { entry: "build", handler: "app.handler", runtime: "python3.13" },
        archive: { entry: "target/function.jar", handler: "a::b", runtime: "java21" },
        executable: { entry: "target/bootstrap", handler: "x", runtime: "provided.al2023" },
      },
    },
    {
      "project/build/app.py": "def handler(event, context):\n    return event\n",
      "project/build/lib/more.py": "",
      "project/target/function.jar": `PK\u0005\u0006${"\0".repeat(18)}`,
      "project/target/bootstrap": "#!/bin/sh\n",
    },
  );
  expect(template).toEqual(expected);
});
