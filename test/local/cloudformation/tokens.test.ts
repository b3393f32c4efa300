import { expect, test } from "vitest";
import { createHarness, describe, template } from "./harness.ts";
import type { Harness } from "./harness.ts";

const body = (value: number) => template({ A: { Properties: { Value: value } } });

/** `STATUS of the stack, token` of its events, oldest first. */
async function told(harness: Harness, StackName = "s"): Promise<string[]> {
  const { StackEvents } = await harness.call<{ StackEvents: Record<string, string>[] }>(
    "DescribeStackEvents",
    { StackName },
  );
  return StackEvents.toReversed()
    .filter(({ LogicalResourceId }) => LogicalResourceId === "s")
    .map(({ ResourceStatus, ClientRequestToken }) => `${ResourceStatus} ${ClientRequestToken}`);
}

test("a token is told in the events of what it asked for, and asks for it once", async () => {
  const harness = createHarness();
  const creation = { StackName: "s", TemplateBody: body(1), ClientRequestToken: "t1" };
  const first = await harness.call<{ StackId: string }>("CreateStack", creation);
  expect(await harness.call("CreateStack", creation)).toMatchObject({ StackId: first.StackId });
  await harness.service.idle();
  const change = { StackName: "s", TemplateBody: body(2), ClientRequestToken: "t2" };
  await harness.call("UpdateStack", change);
  await harness.service.idle();
  // Without the token, this would be refused: there is nothing to update any more.
  await harness.call("UpdateStack", change);
  await expect(
    harness.call("UpdateStack", { ...change, ClientRequestToken: "t1" }),
  ).rejects.toMatchObject({ code: "TokenAlreadyExistsException" });
  await harness.call("DeleteStack", { StackName: "s", ClientRequestToken: "t3" });
  await harness.service.idle();
  expect(await told(harness, first.StackId)).toEqual([
    "CREATE_IN_PROGRESS t1",
    "CREATE_COMPLETE t1",
    "UPDATE_IN_PROGRESS t2",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS t2",
    "UPDATE_COMPLETE t2",
    "DELETE_IN_PROGRESS t3",
    "DELETE_COMPLETE t3",
  ]);
  expect(harness.calls).toEqual(["create A", "update A", "delete A"]);
});

test("cancelling an update has a token of its own", async () => {
  const gates = new Map([["update A", new Promise<void>(() => {})]]);
  const harness = createHarness({ gates });
  await harness.call("CreateStack", { StackName: "s", TemplateBody: body(1) });
  await harness.service.idle();
  await harness.call("UpdateStack", {
    StackName: "s",
    TemplateBody: body(2),
    ClientRequestToken: "t1",
  });
  await expect.poll(() => harness.calls, { timeout: 30_000 }).toContain("update A");
  gates.delete("update A");
  const cancel = { StackName: "s", ClientRequestToken: "t2" };
  await harness.call("CancelUpdateStack", cancel);
  await harness.call("CancelUpdateStack", cancel);
  await harness.service.idle();
  await harness.call("CancelUpdateStack", cancel);
  expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect((await told(harness)).slice(-3)).toEqual([
    "UPDATE_ROLLBACK_IN_PROGRESS t2",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS t2",
    "UPDATE_ROLLBACK_COMPLETE t2",
  ]);
});

test("FORCE_DELETE_STACK forgets what resists", async () => {
  const harness = createHarness();
  const TemplateBody = template({ A: { Properties: { Fail: "delete" } }, B: { DependsOn: "A" } });
  const { StackId } = await harness.call<{ StackId: string }>("CreateStack", {
    StackName: "s",
    TemplateBody,
  });
  await harness.service.idle();
  await harness.call("DeleteStack", { StackName: "s" });
  await harness.service.idle();
  expect((await describe(harness)).StackStatus).toBe("DELETE_FAILED");
  await harness.call("DeleteStack", { StackName: "s", DeletionMode: "FORCE_DELETE_STACK" });
  await harness.service.idle();
  expect((await describe(harness, StackId)).StackStatus).toBe("DELETE_COMPLETE");
  expect(harness.world.size).toBe(1);
});

test.each([
  ["*@da591fa3_$", "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"],
  ["a".repeat(129), "Member must have length less than or equal to 128"],
])("a stack cannot be called %s", async (StackName, text) => {
  const harness = createHarness();
  await expect(harness.call("CreateStack", { StackName, TemplateBody: body(1) })).rejects.toThrow(
    `1 validation error detected: Value '${StackName}' at 'stackName' failed to satisfy constraint: ${text}`,
  );
});
