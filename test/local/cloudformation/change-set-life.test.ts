import { expect, test } from "vitest";
import { create, createHarness, describe, template, update } from "./harness.ts";
import type { Harness } from "./harness.ts";

const body = (value: number, more: Record<string, object> = {}) =>
  template({ A: { Properties: { Value: value } }, ...more });

async function changeSet(
  harness: Harness,
  ChangeSetName: string,
  TemplateBody: string,
  more: object = {},
): Promise<string> {
  const { Id } = await harness.call<{ Id: string }>("CreateChangeSet", {
    StackName: "s",
    ChangeSetName,
    TemplateBody,
    ...more,
  });
  return Id;
}

async function executionStatus(harness: Harness, names: object): Promise<string> {
  const { ExecutionStatus } = await harness.call<{ ExecutionStatus: string }>(
    "DescribeChangeSet",
    names,
  );
  return ExecutionStatus;
}

test("a direct update makes the change sets that wait obsolete", async () => {
  const harness = createHarness();
  await create(harness, body(1));
  const id = await changeSet(harness, "c", body(2));
  const failed = await changeSet(harness, "f", body(1));
  await update(harness, body(3));
  expect(
    await harness.call<{ Summaries: object[] }>("ListChangeSets", { StackName: "s" }),
  ).toMatchObject({
    Summaries: [
      { ChangeSetName: "c", Status: "CREATE_COMPLETE", ExecutionStatus: "OBSOLETE" },
      { ChangeSetName: "f", Status: "FAILED", ExecutionStatus: "UNAVAILABLE" },
    ],
  });
  await expect(
    harness.call("ExecuteChangeSet", { StackName: "s", ChangeSetName: "c" }),
  ).rejects.toMatchObject({
    code: "InvalidChangeSetStatus",
    message: `ChangeSet [${id}] cannot be executed in its current execution status of [OBSOLETE]`,
  });
  await expect(harness.call("ExecuteChangeSet", { ChangeSetName: failed })).rejects.toMatchObject({
    code: "InvalidChangeSetStatus",
    message: `ChangeSet [${failed}] cannot be executed in its current status of [FAILED]`,
  });
  expect([...harness.world.values()]).toMatchObject([{ Value: 3 }]);
  // As cdk does: the old one is deleted, and its name used again.
  await harness.call("DeleteChangeSet", { StackName: "s", ChangeSetName: "c" });
  await changeSet(harness, "c", body(4));
  await harness.call("ExecuteChangeSet", { StackName: "s", ChangeSetName: "c" });
  await harness.service.idle();
  expect([...harness.world.values()]).toMatchObject([{ Value: 4 }]);
});

test("an update that is refused leaves the change sets as they are", async () => {
  const harness = createHarness();
  await create(harness, body(1));
  await changeSet(harness, "c", body(2));
  await expect(update(harness, body(1))).rejects.toThrow("No updates are to be performed.");
  const names = { StackName: "s", ChangeSetName: "c" };
  expect(await executionStatus(harness, names)).toBe("AVAILABLE");
});

test("a change set is in progress while it is executed, and the others are gone at once", async () => {
  const harness = createHarness();
  await create(harness, body(1));
  const other = await changeSet(harness, "o", body(3));
  const id = await changeSet(harness, "c", body(2));
  const { promise, resolve: release } = Promise.withResolvers<void>();
  harness.gates.set("update A", promise);
  const names = { StackName: "s", ChangeSetName: "c" };
  await harness.call("ExecuteChangeSet", { ...names, ClientRequestToken: "t" });
  expect(await executionStatus(harness, names)).toBe("EXECUTE_IN_PROGRESS");
  await harness.call("ExecuteChangeSet", { ...names, ClientRequestToken: "t" });
  const inProgress = { code: "InvalidChangeSetStatus" };
  await expect(harness.call("ExecuteChangeSet", names)).rejects.toMatchObject(inProgress);
  await expect(harness.call("DeleteChangeSet", names)).rejects.toMatchObject(inProgress);
  await expect(executionStatus(harness, { ChangeSetName: other })).rejects.toMatchObject({
    code: "ChangeSetNotFound",
  });
  release();
  await harness.service.idle();
  expect(await executionStatus(harness, { ChangeSetName: id })).toBe("EXECUTE_COMPLETE");
  await expect(executionStatus(harness, names)).rejects.toMatchObject({
    code: "ChangeSetNotFound",
  });
  // A later update is not the change set's.
  await update(harness, body(5, { B: { Properties: { Fail: true } } }));
  expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await executionStatus(harness, { ChangeSetName: id })).toBe("EXECUTE_COMPLETE");
});

test.each([
  ["an update that rolls back", "UPDATE", {}, "UPDATE_ROLLBACK_COMPLETE"],
  ["an update without rollback", "UPDATE", { DisableRollback: true }, "UPDATE_FAILED"],
  ["a creation that rolls back", "CREATE", {}, "ROLLBACK_COMPLETE"],
  ["a creation without rollback", "CREATE", { DisableRollback: true }, "CREATE_FAILED"],
])("the execution of %s has failed", async (_what, ChangeSetType, settings, status) => {
  const harness = createHarness();
  if (ChangeSetType === "UPDATE") await create(harness, body(1));
  const failing = body(2, { B: { DependsOn: "A", Properties: { Fail: true } } });
  const id = await changeSet(harness, "c", failing, { ChangeSetType });
  await harness.call("ExecuteChangeSet", { ChangeSetName: id, ...settings });
  await harness.service.idle();
  expect((await describe(harness)).StackStatus).toBe(status);
  expect(await executionStatus(harness, { ChangeSetName: id })).toBe("EXECUTE_FAILED");
});

test("an execution that the end of the target cuts off ends after the restart", async () => {
  const old = createHarness();
  await create(old, body(1));
  const id = await changeSet(old, "c", body(2));
  old.gates.set("update A", new Promise(() => {}));
  await old.call("ExecuteChangeSet", { ChangeSetName: id });
  await old.service.close?.();
  const harness = createHarness({ state: old.state, world: old.world });
  expect(await executionStatus(harness, { ChangeSetName: id })).toBe("EXECUTE_IN_PROGRESS");
  await harness.service.resume?.();
  await harness.service.idle();
  expect(await executionStatus(harness, { ChangeSetName: id })).toBe("EXECUTE_COMPLETE");
});

test("a rollback that is asked for makes the change sets of the failed stack obsolete", async () => {
  const harness = createHarness();
  await create(harness, body(1));
  const failing = body(2, { B: { DependsOn: "A", Properties: { Fail: true } } });
  await update(harness, failing, { DisableRollback: true });
  await changeSet(harness, "c", body(3));
  await harness.call("RollbackStack", { StackName: "s" });
  await harness.service.idle();
  const names = { StackName: "s", ChangeSetName: "c" };
  expect(await executionStatus(harness, names)).toBe("OBSOLETE");
});
