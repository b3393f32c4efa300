import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderChanges } from "../../src/cli/commands/deploy/render-changes.ts";
import { type ChangeSummary, needsApproval } from "../../src/deploy/changes.ts";
import {
  alsoTaken,
  assemblyTakingBack,
  releasing,
  takenBackIn,
  takingBack,
  withTakenBack,
} from "../../src/deploy/take-back.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { foundLogGroup } from "../helpers/found-log-group.ts";

const Type = "AWS::Logs::LogGroup";
const wanted = {
  Parameters: {},
  Resources: {
    Logs: {
      Type,
      DeletionPolicy: "Delete",
      UpdateReplacePolicy: "Delete",
      Metadata: { a: 1 },
      Properties: {
        LogGroupName: "/logs",
        RetentionInDays: 30,
        Tags: [{ Key: "a", Value: "b" }],
      },
    },
    Table: { Type: "AWS::DynamoDB::Table", DeletionPolicy: "RetainExceptOnCreate" },
    Queue: { Type: "AWS::SQS::Queue" },
  },
};
const changes: ChangeSummary = {
  resources: Object.entries(wanted.Resources).map(([logicalId, { Type: type }]) => ({
    logicalId,
    type,
    kind: "add",
    properties: [],
  })),
  security: [],
  broadening: false,
  otherChanges: false,
  tags: [],
};

test("the change that is shown is no new log group, and destroys nothing", () => {
  const shown = withTakenBack(changes, [foundLogGroup()]);
  expect(shown.resources[0]).toMatchObject({ kind: "import", physicalId: "/logs" });
  expect(renderChanges(shown)).toContain(
    "← 1 resource there already, taken into the stack with what is in it:\n  log group /logs",
  );
  expect(needsApproval("destructive", shown)).toBe(false);
  expect(needsApproval("any-change", shown)).toBe(true);
  // Of a failed stack that is deleted first: it may go with that.
  expect(withTakenBack(changes, [foundLogGroup({ owner: "lmi-hello" })]).resources[0]?.kind).toBe(
    "add",
  );
});

test("the template takes it as it is, with a policy that keeps it, and says so", () => {
  const template = takingBack(wanted, [foundLogGroup()]);
  expect(template).toEqual({
    ...wanted,
    Resources: {
      ...wanted.Resources,
      Logs: {
        ...wanted.Resources.Logs,
        DeletionPolicy: "Retain",
        Properties: {
          LogGroupName: "/logs",
          RetentionInDays: 7,
          Tags: [{ Key: "lmi:taken-back", Value: "Delete" }],
        },
      },
    },
  });
  expect(takenBackIn(template)).toEqual(new Map([["Logs", "Delete"]]));
  expect(takenBackIn(wanted)).toEqual(new Map());
  expect(releasing(template, takenBackIn(template))).toHaveProperty("Resources.Logs", {
    ...wanted.Resources.Logs,
    Properties: { LogGroupName: "/logs", RetentionInDays: 7, Tags: [] },
  });
  const other = foundLogGroup({
    retentionInDays: undefined,
    kmsKeyId: "key",
    logGroupClass: "DELIVERY",
  });
  expect(takingBack(wanted, [other])).toHaveProperty("Resources.Logs.Properties", {
    LogGroupName: "/logs",
    KmsKeyId: "key",
    LogGroupClass: "DELIVERY",
    Tags: expect.anything(),
  });
});

test("what else the change set would take in is known", () => {
  expect(alsoTaken(wanted, withTakenBack(changes, [foundLogGroup()]))).toEqual(["Table"]);
});

test("the assembly is a copy, whose template has a name of its own in the bucket", async () => {
  const folder = await temporaryFolder();
  const assembly = join(folder, "assembly");
  await mkdir(assembly);
  const text = JSON.stringify(wanted);
  const hash = createHash("sha256").update(text).digest("hex");
  const files = {
    "s.template.json": text,
    "code.zip": "code",
    "s.assets.json": JSON.stringify({ files: { [hash]: { objectKey: `${hash}.json` } } }),
    "manifest.json": JSON.stringify({
      artifacts: {
        s: {
          type: "aws:cloudformation:stack",
          properties: {
            templateFile: "s.template.json",
            stackTemplateAssetObjectUrl: `s3://bucket/${hash}.json`,
          },
        },
      },
    }),
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(assembly, name), content); // A few small files.
  const copy = await assemblyTakingBack(assembly, "s", [foundLogGroup()]);
  const read = (name: string) => readFile(join(copy, name), "utf8");
  const template = await read("s.template.json");
  expect(JSON.parse(template)).toEqual(takingBack(wanted, [foundLogGroup()]));
  const renamed = createHash("sha256").update(template).digest("hex");
  expect(JSON.parse(await read("s.assets.json"))).toEqual({
    files: { [renamed]: { objectKey: `${renamed}.json` } },
  });
  expect(await read("manifest.json")).toContain(`s3://bucket/${renamed}.json`);
  expect(await read("code.zip")).toBe("code");
  expect(await readFile(join(assembly, "s.template.json"), "utf8")).toBe(text);
});
