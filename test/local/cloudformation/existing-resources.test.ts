import {
  CreateStackCommand,
  type CreateChangeSetInput,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogStreamsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { body, group, importWorld, kept, own, StackName, type } from "./import-world.ts";

/** A change set that takes what is there. */
const taking = (
  ChangeSetType: "CREATE" | "UPDATE",
  Resources: object,
): Partial<CreateChangeSetInput> => ({
  ChangeSetType,
  ResourcesToImport: undefined,
  ImportExistingResources: true,
  TemplateBody: body(Resources),
  Tags: [{ Key: "team", Value: "blue" }],
});
const made = (LogGroupName: string, more: object = {}) =>
  group(LogGroupName, { DeletionPolicy: "Delete", ...more });
/** Its creation fails: there is no such role. */
const broken = {
  Type: "AWS::Lambda::Function",
  DependsOn: ["Kept", "More"],
  Properties: {
    Role: "arn:aws:iam::000000000000:role/none",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: "exports.handler = async () => 1;" },
  },
};

/** The world with something in the log group that is there. */
async function filledWorld(hasStack: boolean) {
  const world = await importWorld(hasStack);
  const logStreamName = "old";
  await world.logs.send(new CreateLogStreamCommand({ logGroupName: kept, logStreamName }));
  const streams = async () => {
    const found = await world.logs.send(new DescribeLogStreamsCommand({ logGroupName: kept }));
    return (found.logStreams ?? []).map((each) => each.logStreamName);
  };
  return { ...world, streams };
}

// Order and texts: output of `cdk bootstrap` that imports its bucket.
test("a new stack takes what is there beside what it makes", async () => {
  const { cloudFormation, changeSet, execute, events, resources, tags, streams } =
    await filledWorld(false);
  const wanted = taking("CREATE", { Kept: group(kept), More: made("/more") });
  const { ChangeSetName, Changes, ImportExistingResources } = await changeSet(wanted);
  expect(ImportExistingResources).toBe(true);
  const shared = { ResourceType: type, Scope: [], Details: [] };
  expect(Changes?.map(({ ResourceChange }) => ResourceChange)).toEqual([
    { ...shared, Action: "Import", LogicalResourceId: "Kept", PhysicalResourceId: kept },
    { ...shared, Action: "Add", LogicalResourceId: "More" },
  ]);
  const withValues = { StackName, ChangeSetName, IncludePropertyValues: true };
  const described = await cloudFormation.send(new DescribeChangeSetCommand(withValues));
  expect(described.Changes?.[0]?.ResourceChange).toMatchObject({
    Action: "Import",
    Replacement: "True",
    AfterContext: expect.stringContaining(kept),
  });
  const { Summaries } = await cloudFormation.send(new ListChangeSetsCommand({ StackName }));
  expect(Summaries).toMatchObject([{ ImportExistingResources: true }]);
  expect(await execute(wanted)).toBe("CREATE_COMPLETE");
  expect((await events()).filter((line) => !line.startsWith("More"))).toEqual([
    "importing REVIEW_IN_PROGRESS User Initiated",
    "importing CREATE_IN_PROGRESS User Initiated",
    "Kept IMPORT_IN_PROGRESS Resource import started.",
    "Kept IMPORT_IN_PROGRESS",
    "Kept IMPORT_COMPLETE Resource import completed.",
    "Kept UPDATE_IN_PROGRESS Apply stack-level tags to imported resource if applicable.",
    "Kept UPDATE_COMPLETE",
    "importing CREATE_COMPLETE",
  ]);
  expect(new Set(await resources())).toEqual(new Set(["Kept", "More"]));
  expect(await tags()).toMatchObject({ team: "blue" });
  expect(await streams()).toEqual(["old"]);
});

test("an update takes it and changes other things, and from then on it is the stack's", async () => {
  const { execute, groups, resources } = await filledWorld(true);
  const both = { Own: { ...own.Own, Metadata: { a: 1 } }, Kept: group(kept) };
  expect(await execute(taking("UPDATE", both))).toBe("UPDATE_COMPLETE");
  expect(await resources()).toEqual(["Own", "Kept"]);
  const owned = { ...both, Kept: made(kept, { Metadata: { b: 1 } }) };
  expect(await execute(taking("UPDATE", owned))).toBe("UPDATE_COMPLETE");
  expect(await execute(taking("UPDATE", { Own: both.Own }))).toBe("UPDATE_COMPLETE");
  expect(await groups()).toEqual(["/own/logs"]);
});

test.each(["Retain", "RetainExceptOnCreate"])(
  "a creation that fails deletes what it made, and not what it took (%s)",
  async (DeletionPolicy) => {
    const { execute, events, groups, streams } = await filledWorld(false);
    const Kept = group(kept, { DeletionPolicy });
    const wanted = taking("CREATE", { Kept, More: made("/more"), Broken: broken });
    expect(await execute(wanted)).toBe("ROLLBACK_COMPLETE");
    expect(await events()).toContain("Kept DELETE_SKIPPED");
    expect(await groups()).toEqual([kept]);
    expect(await streams()).toEqual(["old"]);
  },
);

test("an update that fails lets go of what it took", async () => {
  const { execute, groups, resources, streams } = await filledWorld(true);
  const all = {
    ...own,
    Kept: group(kept, { DeletionPolicy: "RetainExceptOnCreate" }),
    More: made("/more"),
    Broken: broken,
  };
  expect(await execute(taking("UPDATE", all))).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await resources()).toEqual(["Own"]);
  expect(await groups()).toEqual([kept, "/own/logs"]);
  expect(await streams()).toEqual(["old"]);
  const { Broken: _broken, ...mended } = all;
  expect(await execute(taking("UPDATE", mended))).toBe("UPDATE_COMPLETE");
});

test("what cannot be tagged is let go of", async () => {
  const { target, execute, events, groups } = await filledWorld(true);
  const wanted = taking("UPDATE", { ...own, Kept: group(kept) });
  await target.faults.add({
    fault: "failed-resource",
    resourceType: type,
    action: "update",
    times: 1,
  });
  expect(await execute(wanted)).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await groups()).toContain(kept);
  expect((await events()).some((line) => line.startsWith("Kept UPDATE_FAILED"))).toBe(true);
  expect(await execute(wanted)).toBe("UPDATE_COMPLETE");
});

test("what is gone by then fails the work, and the next one makes it", async () => {
  const { cloudFormation, logs, changeSet, settled, execute, events, groups } =
    await filledWorld(true);
  const wanted = taking("UPDATE", { ...own, Kept: group(kept) });
  const { ChangeSetName } = await changeSet(wanted);
  await logs.send(new DeleteLogGroupCommand({ logGroupName: kept }));
  await cloudFormation.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName }));
  expect(await settled()).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await events()).toEqual(
    expect.arrayContaining([
      `Kept IMPORT_FAILED Resource of type '${type}' with identifier '${kept}' was not found.`,
      "importing UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to import: [Kept]. ",
    ]),
  );
  expect(await execute(wanted)).toBe("UPDATE_COMPLETE");
  expect(await groups()).toEqual([kept, "/own/logs"]);
});

test("what no policy keeps is refused with its name, as is what a stack has", async () => {
  const { cloudFormation, changeSet, groups, settled } = await importWorld(true);
  const unkept = { ...own, Kept: made(kept), Again: group("/own/logs") };
  expect(await changeSet(taking("UPDATE", unkept))).toMatchObject({
    Status: "FAILED",
    ExecutionStatus: "UNAVAILABLE",
    StatusReason: `CloudFormation is attempting to import some resources because they already exist in your account. The resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' in the template for successful import. The affected resources are Kept ({LogGroupName=${kept}})`,
  });
  const { StatusReason } = await changeSet(taking("UPDATE", { ...own, Again: group("/own/logs") }));
  expect(StatusReason).toMatch(/^\/own\/logs already exists in stack arn:aws:cloudformation:/);
  const TemplateBody = body({ Own: group("/of/others") });
  await cloudFormation.send(new CreateStackCommand({ StackName: "others", TemplateBody }));
  await settled();
  await expect.poll(groups).toContain("/of/others");
  const theirs = await changeSet(taking("UPDATE", { ...own, Theirs: group("/of/others") }));
  expect(theirs.StatusReason).toMatch(/^\/of\/others already exists in stack .*:stack\/others\//);
});

test("without the setting a name that is there is refused as before", async () => {
  const { changeSet } = await importWorld(true);
  const wanted = taking("UPDATE", { ...own, Kept: group(kept) });
  const { StatusReason } = await changeSet({ ...wanted, ImportExistingResources: false });
  expect(StatusReason).toContain("AWS::EarlyValidation::ResourceExistenceCheck");
});

test("a name that is computed counts", async () => {
  const { cloudFormation, logs, changeSet, execute } = await importWorld(false);
  await logs.send(new CreateLogGroupCommand({ logGroupName: "importing/logs" }));
  const named = { "Fn::Sub": "${AWS::StackName}/logs" };
  const computed = { Kept: { ...group(""), Properties: { LogGroupName: named } } };
  const wanted = taking("CREATE", computed);
  const { Changes } = await changeSet(wanted);
  expect(Changes).toMatchObject([{ ResourceChange: { Action: "Import" } }]);
  expect(await execute(wanted)).toBe("CREATE_COMPLETE");
  const { StackResources } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ PhysicalResourceId: "importing/logs" }),
  );
  expect(StackResources).toMatchObject([{ StackName, LogicalResourceId: "Kept" }]);
});
