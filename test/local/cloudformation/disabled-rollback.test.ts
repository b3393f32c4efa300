import { describe as suite, expect, test } from "vitest";
import { create, createHarness, describe, eventLines, template, update } from "./harness.ts";
import type { ShownEvent } from "./harness.ts";

suite("with rollback disabled", () => {
  test("keeps everything with DisableRollback; RollbackStack then deletes it", async () => {
    const harness = createHarness();
    const stack = await create(
      harness,
      template({ A: {}, B: { DependsOn: "A", Properties: { Fail: true } } }),
      { DisableRollback: true },
    );
    expect(stack.StackStatus).toBe("CREATE_FAILED");
    expect(harness.world.size).toBe(1);
    await harness.call("RollbackStack", { StackName: "s" });
    await harness.service.idle();
    expect((await describe(harness)).StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(harness.world.size).toBe(0);
  });

  test("after CREATE_FAILED an update completes the stack", async () => {
    const harness = createHarness();
    await create(harness, template({ A: {}, B: { DependsOn: "A", Properties: { Fail: true } } }), {
      DisableRollback: true,
    });
    const mended = template({ A: {}, B: { DependsOn: "A" } });
    await expect(update(harness, mended)).rejects.toThrow(
      "This stack is currently in a non-terminal [CREATE_FAILED] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API.",
    );
    const stack = await update(harness, mended, { DisableRollback: true });
    expect(stack.StackStatus).toBe("UPDATE_COMPLETE");
    expect(harness.calls).toEqual(["create A", "create B", "create B"]);
    expect(harness.world.size).toBe(2);
  });

  test("after CREATE_FAILED what had begun to exist is deleted before it is made again", async () => {
    const harness = createHarness();
    const failing = template({ B: { Properties: { Name: "named", Fail: "initiated" } } });
    await create(harness, failing, { DisableRollback: true });
    expect([...harness.world]).toEqual([["named", { Name: "named", Fail: "initiated" }]]);
    const stack = await update(
      harness,
      template({ B: { Properties: { Name: "named", Value: 1 } } }),
      { DisableRollback: true },
    );
    expect(stack.StackStatus).toBe("UPDATE_COMPLETE");
    expect(harness.calls).toEqual(["create B", "delete B", "create B"]);
    expect(harness.world.get("named")).toMatchObject({ Value: 1 });
    const lines = await eventLines(harness);
    expect(lines.filter((line) => line.startsWith("B ")).slice(-4)).toEqual([
      "B DELETE_COMPLETE",
      "B CREATE_IN_PROGRESS",
      "B CREATE_IN_PROGRESS",
      "B CREATE_COMPLETE",
    ]);
  });

  test("after CREATE_FAILED what cannot be deleted stays, with its reason", async () => {
    const harness = createHarness();
    const failing = template({ B: { Properties: { Name: "named", Fail: "initiated" } } });
    await create(harness, failing, { DisableRollback: true });
    const gate = Promise.reject(new Error("no way"));
    gate.catch(() => {});
    harness.gates.set("delete B", gate);
    const stack = await update(
      harness,
      template({ B: { Properties: { Name: "named" } }, C: { DependsOn: "B" } }),
      { DisableRollback: true },
    );
    expect(stack.StackStatus).toBe("UPDATE_FAILED");
    expect(harness.calls).toEqual(["create B", "delete B"]);
    expect(await eventLines(harness)).toContain("B DELETE_FAILED");
    harness.gates.clear();
    await harness.call("RollbackStack", { StackName: "s" });
    await harness.service.idle();
    expect(harness.world.size).toBe(0);
  });

  test.each([
    ["so does express mode", { Mode: "EXPRESS" }, "UPDATE_FAILED"],
    [
      "express mode that says otherwise",
      { Mode: "EXPRESS", DisableRollback: false },
      "UPDATE_ROLLBACK_COMPLETE",
    ],
    ["and the standard mode", { Mode: "STANDARD" }, "UPDATE_ROLLBACK_COMPLETE"],
  ])("%s, by itself and by a change set", async (_, DeploymentConfig, status) => {
    const harness = createHarness();
    await create(harness, template({ A: { Properties: { Value: 1 } } }));
    const failing = template({ A: { Properties: { Value: 2, Fail: true } } });
    expect((await update(harness, failing, { DeploymentConfig })).StackStatus).toBe(status);

    const other = createHarness();
    await create(other, template({ A: { Properties: { Value: 1 } } }));
    const named = { StackName: "s", ChangeSetName: "c" };
    await other.call("CreateChangeSet", { ...named, TemplateBody: failing, DeploymentConfig });
    expect(await other.call("DescribeChangeSet", named)).toMatchObject({ DeploymentConfig });
    await other.call("ExecuteChangeSet", named);
    await other.service.idle();
    expect((await describe(other)).StackStatus).toBe(status);
  });

  test("nothing is replaced while rollback is disabled", async () => {
    const harness = createHarness();
    await create(harness, template({ Moved: { Properties: { Fixed: "a" } } }));
    const stack = await update(harness, template({ Moved: { Properties: { Fixed: "b" } } }), {
      DisableRollback: true,
    });
    expect(stack.StackStatus).toBe("UPDATE_FAILED");
    expect(harness.calls).toEqual(["create Moved"]);
    const { StackEvents } = await harness.call<{ StackEvents: ShownEvent[] }>(
      "DescribeStackEvents",
      { StackName: "s" },
    );
    expect(StackEvents.map((event) => event.ResourceStatusReason)).toContain(
      "Replacement type updates not supported on stack with disable-rollback.",
    );
  });
});
