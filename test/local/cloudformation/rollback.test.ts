import { describe as suite, expect, test } from "vitest";
import { create, createHarness, describe, eventLines, template, update } from "./harness.ts";
import type { ShownEvent } from "./harness.ts";

suite("a failed creation", () => {
  test("deletes what was made and ends in ROLLBACK_COMPLETE", async () => {
    const harness = createHarness();
    const stack = await create(
      harness,
      template({ A: {}, B: { DependsOn: "A", Properties: { Fail: true } }, C: { DependsOn: "B" } }),
    );
    expect(stack.StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(harness.calls).toEqual(["create A", "create B", "delete A"]);
    expect(harness.world.size).toBe(0);
    const lines = await eventLines(harness);
    expect(lines).toContain("B CREATE_FAILED");
    expect(lines).toContain("s ROLLBACK_IN_PROGRESS");
    const { StackEvents } = await harness.call<{ StackEvents: ShownEvent[] }>(
      "DescribeStackEvents",
      { StackName: "s" },
    );
    const reasons = StackEvents.map((event) => event.ResourceStatusReason ?? "");
    expect(reasons).toContain(
      "The following resource(s) failed to create: [B]. Rollback requested by user.",
    );
    expect(
      reasons.some((reason) =>
        /^Resource handler returned message: "B cannot be created" \(RequestToken: .*, HandlerErrorCode: InvalidRequest\)$/.test(
          reason,
        ),
      ),
    ).toBe(true);
    // A rollback is an operation of its own.
    expect(new Set(StackEvents.map(({ OperationId }) => OperationId)).size).toBe(2);
    await expect(update(harness, template({ A: {} }))).rejects.toThrow(
      /^Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/,
    );
    await harness.call("DeleteStack", { StackName: "s" });
    await harness.service.idle();
    expect((await describe(harness, stack.StackId)).StackStatus).toBe("DELETE_COMPLETE");
  });

  test("cancels what is still being made", async () => {
    const harness = createHarness({
      gates: new Map([["create Slow", new Promise<void>(() => {})]]),
    });
    const stack = await create(
      harness,
      template({ Slow: {}, Bad: { Properties: { Fail: true } } }),
    );
    expect(stack.StackStatus).toBe("ROLLBACK_COMPLETE");
    const { StackEvents } = await harness.call<{ StackEvents: ShownEvent[] }>(
      "DescribeStackEvents",
      { StackName: "s" },
    );
    expect(
      StackEvents.find(
        (event) => event.LogicalResourceId === "Slow" && event.ResourceStatus === "CREATE_FAILED",
      )?.ResourceStatusReason,
    ).toBe("Resource creation cancelled");
  });

  test("deletes a resource that failed after it began to exist", async () => {
    const harness = createHarness();
    const stack = await create(harness, template({ A: { Properties: { Fail: "initiated" } } }));
    expect(stack.StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(harness.world.size).toBe(0);
  });

  test("keeps resources with DeletionPolicy Retain, unless told otherwise", async () => {
    const body = template({
      A: { DeletionPolicy: "Retain" },
      B: { DependsOn: "A", Properties: { Fail: true } },
    });
    const harness = createHarness();
    await create(harness, body);
    expect(harness.world.size).toBe(1);
    expect(await eventLines(harness)).toContain("A DELETE_SKIPPED");
    const other = createHarness();
    await create(other, body, { RetainExceptOnCreate: true });
    expect(other.world.size).toBe(0);
  });
});

suite("a failed update", () => {
  test("puts everything back", async () => {
    const harness = createHarness();
    await create(
      harness,
      template({ Kept: { Properties: { Value: 1 } }, Moved: { Properties: { Fixed: "a" } } }),
    );
    const before = structuredClone(harness.world);
    const stack = await update(
      harness,
      template({
        Kept: { Properties: { Value: 2 } },
        Moved: { Properties: { Fixed: "b" } },
        New: {},
        Bad: { DependsOn: ["Kept", "Moved", "New"], Properties: { Fail: true } },
      }),
    );
    expect(stack.StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(harness.world).toEqual(before);
    const lines = await eventLines(harness);
    expect(lines.slice(lines.indexOf("s UPDATE_ROLLBACK_IN_PROGRESS")).toSorted()).toEqual(
      [
        "Bad DELETE_COMPLETE",
        "Kept UPDATE_COMPLETE",
        "Kept UPDATE_IN_PROGRESS",
        "Moved DELETE_COMPLETE",
        "Moved DELETE_IN_PROGRESS",
        "Moved UPDATE_COMPLETE",
        "New DELETE_COMPLETE",
        "New DELETE_IN_PROGRESS",
        "s UPDATE_ROLLBACK_COMPLETE",
        "s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "s UPDATE_ROLLBACK_IN_PROGRESS",
      ].toSorted(),
    );
    const order = [
      "s UPDATE_IN_PROGRESS",
      "Bad CREATE_FAILED",
      "s UPDATE_ROLLBACK_IN_PROGRESS",
      "s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
      "New DELETE_COMPLETE",
      "s UPDATE_ROLLBACK_COMPLETE",
    ];
    expect(order.map((line) => lines.indexOf(line))).toEqual(
      order.map((line) => lines.indexOf(line)).toSorted((a, b) => a - b),
    );
    expect(lines.indexOf("Bad CREATE_FAILED")).toBeGreaterThan(0);
    const { StackResources } = await harness.call<{
      StackResources: { LogicalResourceId: string }[];
    }>("DescribeStackResources", { StackName: "s" });
    expect(StackResources.map(({ LogicalResourceId }) => LogicalResourceId).toSorted()).toEqual([
      "Kept",
      "Moved",
    ]);
  });

  test("tells each step once, and nothing of what it did not touch", async () => {
    const harness = createHarness();
    await create(
      harness,
      template({ A: { Properties: { Value: 1 } }, Same: {}, Told: { Metadata: { n: 1 } } }),
    );
    const before = await eventLines(harness);
    await update(
      harness,
      template({
        A: { Properties: { Value: 2 } },
        Same: {},
        Told: { Metadata: { n: 2 } },
        B: { DependsOn: ["A", "Same", "Told"], Properties: { Fail: true } },
      }),
    );
    expect((await eventLines(harness)).slice(before.length)).toEqual([
      "s UPDATE_IN_PROGRESS",
      "A UPDATE_IN_PROGRESS",
      "A UPDATE_COMPLETE",
      "B CREATE_IN_PROGRESS",
      "B CREATE_FAILED",
      "s UPDATE_ROLLBACK_IN_PROGRESS",
      "A UPDATE_IN_PROGRESS",
      "A UPDATE_COMPLETE",
      "s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
      "B DELETE_COMPLETE",
      "s UPDATE_ROLLBACK_COMPLETE",
    ]);
  });

  test("that cannot be undone waits; ContinueUpdateRollback can skip", async () => {
    const harness = createHarness();
    await create(harness, template({ A: { Properties: { Value: 1, Fail: "update" } } }));
    // The way back fails, because the old properties refuse updates.
    const stack = await update(
      harness,
      template({
        A: { Properties: { Value: 2, Fail: "never" } },
        B: { DependsOn: "A", Properties: { Fail: true } },
      }),
    );
    expect(stack.StackStatus).toBe("UPDATE_ROLLBACK_FAILED");
    expect(stack.StackStatusReason).toContain("failed to update: [A]");
    await harness.call("ContinueUpdateRollback", { StackName: "s" });
    await harness.service.idle();
    expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_FAILED");
    await harness.call("ContinueUpdateRollback", { StackName: "s", ResourcesToSkip: ["A"] });
    await harness.service.idle();
    expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  });

  test("can be cancelled", async () => {
    const harness = createHarness();
    await create(harness, template({ A: { Properties: { Value: 1 } } }));
    harness.gates.set("create Slow", new Promise<void>(() => {}));
    await harness.call("UpdateStack", {
      StackName: "s",
      TemplateBody: template({ A: { Properties: { Value: 1 } }, Slow: {} }),
    });
    await expect.poll(() => harness.calls).toContain("create Slow");
    await expect(
      harness.call("UpdateStack", { StackName: "s", TemplateBody: template({ A: {} }) }),
    ).rejects.toThrow(/is in UPDATE_IN_PROGRESS state and can not be updated\.$/);
    await harness.call("CancelUpdateStack", { StackName: "s" });
    await harness.service.idle();
    expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  });

  test("is cancelled also where a resource heeds no signal", async () => {
    const harness = createHarness();
    await create(harness, template({ A: { Properties: { Value: 1 } } }));
    await harness.call("UpdateStack", {
      StackName: "s",
      TemplateBody: template({ A: { Properties: { Value: 2 } } }),
    });
    await harness.call("CancelUpdateStack", { StackName: "s" });
    await harness.service.idle();
    expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect([...harness.world.values()][0]?.["Value"]).toBe(1);
  });

  test("an old resource that cannot be deleted does not fail the update", async () => {
    const harness = createHarness();
    await create(harness, template({ A: {}, Old: { Properties: { Fail: "delete" } } }));
    const stack = await update(harness, template({ A: {} }));
    expect(stack.StackStatus).toBe("UPDATE_COMPLETE");
    expect(await eventLines(harness)).toContain("Old DELETE_FAILED");
  });
});

suite("a failed deletion", () => {
  test("ends in DELETE_FAILED and can leave what resists", async () => {
    const harness = createHarness();
    await create(
      harness,
      template({ A: { Properties: { Fail: "delete" } }, B: {}, C: { DependsOn: "A" } }),
    );
    const { StackId } = await describe(harness);
    await harness.call("DeleteStack", { StackName: "s" });
    await harness.service.idle();
    const stack = await describe(harness);
    expect(stack.StackStatus).toBe("DELETE_FAILED");
    expect(stack.StackStatusReason).toBe("The following resource(s) failed to delete: [A]. ");
    expect(harness.world.size).toBe(1);
    await harness.call("DeleteStack", { StackName: "s", RetainResources: ["A"] });
    await harness.service.idle();
    expect((await describe(harness, StackId)).StackStatus).toBe("DELETE_COMPLETE");
    expect(harness.world.size).toBe(1);
  });

  test("a stack that is being created can be deleted", async () => {
    const harness = createHarness({ gates: new Map([["create B", new Promise<void>(() => {})]]) });
    const TemplateBody = template({ A: {}, B: { DependsOn: "A" }, C: { DependsOn: "B" } });
    const { StackId } = await harness.call<{ StackId: string }>("CreateStack", {
      StackName: "s",
      TemplateBody,
    });
    await expect.poll(() => harness.calls).toContain("create B");
    await harness.call("DeleteStack", { StackName: "s" });
    await harness.service.idle();
    expect((await describe(harness, StackId)).StackStatus).toBe("DELETE_COMPLETE");
    expect(harness.calls).toEqual(["create A", "create B", "delete A"]);
  });

  test("termination protection refuses", async () => {
    const harness = createHarness();
    await create(harness, template({ A: {} }), { EnableTerminationProtection: true });
    await expect(harness.call("DeleteStack", { StackName: "s" })).rejects.toThrow(
      "Stack [s] cannot be deleted while TerminationProtection is enabled",
    );
    await harness.call("UpdateTerminationProtection", {
      StackName: "s",
      EnableTerminationProtection: false,
    });
    await harness.call("DeleteStack", { StackName: "s" });
    await harness.service.idle();
    await expect(describe(harness)).rejects.toThrow("does not exist");
  });
});
