import { expect, test } from "vitest";
import type { FaultRule } from "../../../src/local/faults/fault.ts";
import { createFaults } from "../../../src/local/faults/faults.ts";
import {
  create,
  createHarness,
  describe,
  eventLines,
  template,
  thing,
  update,
} from "../cloudformation/harness.ts";
import { createMemoryState } from "../../helpers/memory-state.ts";

async function harnessWith(...rules: readonly FaultRule[]) {
  const state = createMemoryState();
  const faults = createFaults({ state, random: Math.random });
  for (const rule of rules) await faults.add(rule);
  return { faults, harness: createHarness({ state, faults }) };
}

const reasonOf = (rule: string) => expect.stringContaining(rule);

async function failure(harness: Awaited<ReturnType<typeof harnessWith>>["harness"]) {
  const { StackEvents } = await harness.call<{
    StackEvents: { ResourceStatus?: string; ResourceStatusReason?: string }[];
  }>("DescribeStackEvents", { StackName: "s" });
  return StackEvents.findLast(({ ResourceStatus }) => ResourceStatus?.endsWith("_FAILED"));
}

test("a creation fails with the reason of the rule, and nothing is made", async () => {
  const { harness } = await harnessWith({
    fault: "failed-resource",
    resourceType: thing,
    logicalId: "B",
    action: "create",
    reason: "No more things",
  });
  const stack = await create(harness, template({ A: {}, B: { DependsOn: "A" } }));
  expect(stack.StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(harness.calls).toEqual(["create A", "delete A"]);
  expect(await failure(harness)).toMatchObject({
    ResourceStatus: "CREATE_FAILED",
    ResourceStatusReason: reasonOf('"No more things (a fault rule of the local target: f1)"'),
  });
});

test("a creation that fails when the resource is made is undone by the rollback", async () => {
  const { harness } = await harnessWith({
    fault: "failed-resource",
    logicalId: "A",
    action: "create",
    when: "after",
  });
  const stack = await create(harness, template({ A: {} }));
  expect(stack.StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(harness.calls).toEqual(["create A", "delete A"]);
  expect(harness.world.size).toBe(0);
});

test("an update fails once, is rolled back, and goes through the next time", async () => {
  const { harness } = await harnessWith({
    fault: "throttle",
    action: "update",
    logicalId: "A",
    times: 1,
  });
  await create(harness, template({ A: { Properties: { Value: 1 } } }));
  const stack = await update(harness, template({ A: { Properties: { Value: 2 } } }));
  expect(stack.StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await failure(harness)).toMatchObject({
    ResourceStatusReason: expect.stringMatching(
      /Rate exceeded \(a fault rule of the local target: f1\).*HandlerErrorCode: Throttling/,
    ),
  });
  const again = await update(harness, template({ A: { Properties: { Value: 2 } } }));
  expect(again.StackStatus).toBe("UPDATE_COMPLETE");
});

test("a deletion that is denied leaves the resource; the next one takes it", async () => {
  const { harness, faults } = await harnessWith({ fault: "access-denied", action: "delete" });
  const { StackId } = await create(harness, template({ A: {} }));
  await harness.call("DeleteStack", { StackName: "s" });
  await harness.service.idle();
  expect((await describe(harness, StackId)).StackStatus).toBe("DELETE_FAILED");
  expect(await eventLines(harness)).toContain("A DELETE_FAILED");
  expect(harness.world.size).toBe(1);
  expect(faults.list()).toMatchObject([{ seen: 1, hits: 1 }]);
  faults.clear();
  await harness.call("DeleteStack", { StackName: "s" });
  await harness.service.idle();
  expect((await describe(harness, StackId)).StackStatus).toBe("DELETE_COMPLETE");
});
