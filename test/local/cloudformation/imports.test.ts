import {
  type CreateChangeSetInput,
  DeleteStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from "@aws-sdk/client-cloudformation";
import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import {
  body,
  both,
  group,
  importing,
  importWorld,
  kept,
  own,
  StackName,
  type,
} from "./import-world.ts";

test("a log group is taken into a stack as it is, with the stack's tags", async () => {
  const { changeSet, execute, events, resources, tags } = await importWorld();
  const { Status, ExecutionStatus, Changes } = await changeSet();
  expect({ Status, ExecutionStatus }).toEqual({
    Status: "CREATE_COMPLETE",
    ExecutionStatus: "AVAILABLE",
  });
  expect(Changes).toEqual([
    {
      Type: "Resource",
      ResourceChange: {
        Action: "Import",
        LogicalResourceId: "Kept",
        PhysicalResourceId: kept,
        ResourceType: type,
        Scope: [],
        Details: [],
      },
    },
  ]);
  expect(await execute()).toBe("IMPORT_COMPLETE");
  expect((await events()).slice(-7)).toEqual([
    "importing IMPORT_IN_PROGRESS User Initiated",
    "Kept IMPORT_IN_PROGRESS Resource import started.",
    "Kept IMPORT_IN_PROGRESS",
    "Kept IMPORT_COMPLETE Resource import completed.",
    "Kept UPDATE_IN_PROGRESS Apply stack-level tags to imported resource if applicable.",
    "Kept UPDATE_COMPLETE",
    "importing IMPORT_COMPLETE",
  ]);
  expect(await resources()).toEqual(["Own", "Kept"]);
  expect(await tags()).toMatchObject({ team: "blue" });
});

test("a stack is made of what is imported; what its policy keeps outlives it once more", async () => {
  const { cloudFormation, execute, groups } = await importWorld(false);
  expect(await execute({ TemplateBody: body({ Kept: group(kept) }) })).toBe("IMPORT_COMPLETE");
  await cloudFormation.send(new DeleteStackCommand({ StackName }));
  await expect(cloudFormation.send(new DescribeStacksCommand({ StackName }))).rejects.toThrow(
    "does not exist",
  );
  expect(await groups()).toEqual([kept]);
});

test("what is gone by then is not imported, and the stack is what it was", async () => {
  const { cloudFormation, logs, changeSet, settled, events, resources } = await importWorld();
  const { ChangeSetName } = await changeSet();
  await logs.send(new DeleteLogGroupCommand({ logGroupName: kept }));
  await cloudFormation.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName }));
  expect(await settled()).toBe("IMPORT_ROLLBACK_COMPLETE");
  expect(await events()).toEqual(
    expect.arrayContaining([
      `Kept IMPORT_FAILED Resource of type '${type}' with identifier '${kept}' was not found.`,
      "importing IMPORT_ROLLBACK_IN_PROGRESS The following resource(s) failed to import: [Kept]. ",
    ]),
  );
  expect(await resources()).toEqual(["Own"]);
});

test("a rollback lets go of it, without the stack's tags, and may fail itself", async () => {
  const { target, execute, tags, groups, resources } = await importWorld();
  const failing = { fault: "failed-resource", resourceType: type, action: "update" } as const;
  await target.faults.add({ ...failing, times: 1, when: "after" });
  expect(await execute()).toBe("IMPORT_ROLLBACK_COMPLETE");
  expect(await tags()).not.toHaveProperty("team");
  await target.faults.add({ ...failing, times: 2 });
  expect(await execute()).toBe("IMPORT_ROLLBACK_FAILED");
  expect(await resources()).toContain("Kept");
  expect(await groups()).toContain(kept);
  await expect(execute()).rejects.toThrow("IMPORT_ROLLBACK_FAILED state and can not be updated");
});

test.each<[string, Partial<CreateChangeSetInput>, string]>([
  ["nothing", { ResourcesToImport: [] }, "Must Provide at least one resource to import"],
  [
    "what the template does not have",
    { ResourcesToImport: [importing("No")] },
    "The logical resource ids [No] provided in ResourceToImport do not exist in the template.",
  ],
  [
    "the same twice",
    { ResourcesToImport: [importing(), importing()] },
    "Every resource to import must have unique LogicalResourceId",
  ],
  [
    "a type that nobody can import here",
    { ResourcesToImport: [importing("Kept", kept, "AWS::Lambda::Function")] },
    "The following resource types are not supported for resource import: AWS::Lambda::Function",
  ],
  [
    "by another property",
    { ResourcesToImport: [{ ...importing(), ResourceIdentifier: { Name: kept } }] },
    `Invalid resource identifier for resource type ${type}. Expected [LogGroupName]`,
  ],
  [
    "what no policy says of how it ends",
    { TemplateBody: body({ ...own, Kept: group(kept, { DeletionPolicy: undefined }) }) },
    "The following resources to import [Kept] must have DeletionPolicy attribute specified in the template.",
  ],
  [
    "beside something that is made",
    { TemplateBody: body({ ...both, More: group("/more") }) },
    "Resources [More] is missing from ResourceToImport list",
  ],
  [
    "beside something that changes",
    { TemplateBody: body({ ...both, Own: group("/else") }) },
    "You have modified resources [Own] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.",
  ],
  [
    "with another output",
    { TemplateBody: body(both, { Outputs: { Name: { Value: "x" } } }) },
    "As part of the import operation, you cannot modify or add [Outputs]",
  ],
  [
    "nothing new",
    { TemplateBody: body(own), ResourcesToImport: [importing("Own", "/own/logs")] },
    "must have DeletionPolicy|The template should contain at least one new resource to import.",
  ],
])("an import of %s is refused", async (_, more, text) => {
  const { changeSet } = await importWorld();
  const refused = changeSet(more);
  await expect(refused).rejects.toThrow(text.split("|").at(-1));
});

test("what is not there, or another stack's, makes a change set that cannot be executed", async () => {
  const { changeSet } = await importWorld();
  const ghost = { ...own, Kept: group("/ghost") };
  expect(
    await changeSet({
      TemplateBody: body(ghost),
      ResourcesToImport: [importing("Kept", "/ghost")],
    }),
  ).toMatchObject({
    Status: "FAILED",
    ExecutionStatus: "UNAVAILABLE",
    StatusReason: `Resource of type '${type}' with identifier '/ghost' was not found.`,
  });
  const taken = { ...own, Kept: group("/own/logs") };
  const { StatusReason } = await changeSet({
    TemplateBody: body(taken),
    ResourcesToImport: [importing("Kept", "/own/logs")],
  });
  expect(StatusReason).toMatch(/^\/own\/logs already exists in stack arn:aws:cloudformation:/);
});
