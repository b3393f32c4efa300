import { describe as suite, expect, test } from "vitest";
import { create, createHarness, describe, eventLines, template } from "./harness.ts";
import type { Harness } from "./harness.ts";

const never = () => new Promise<void>(() => {});

/** A harness on the same state and world, as after a restart. */
function restarted(old: Harness, gates: Map<string, Promise<void>> = new Map()): Harness {
  return createHarness({ state: old.state, world: old.world, gates });
}

/** Starts `operation`, waits until `call` is held back, and stops the target there. */
async function stopAt(
  harness: Harness,
  call: string,
  operation: string,
  input: object,
): Promise<void> {
  harness.gates.set(call, never());
  await harness.call(operation, { StackName: "s", ...input });
  await expect.poll(() => harness.calls).toContain(call);
  await harness.service.close?.();
}

const body = (Fixed: number) => template({ A: { Properties: { Fixed } } });

suite("after a restart", () => {
  test("a creation goes on with the same names", async () => {
    const harness = createHarness();
    const TemplateBody = template({ A: {}, B: { DependsOn: "A" }, C: { DependsOn: "B" } });
    await stopAt(harness, "create B", "CreateStack", { TemplateBody });
    expect((await describe(harness)).StackStatus).toBe("CREATE_IN_PROGRESS");
    const next = restarted(harness);
    await next.service.resume?.();
    await next.service.idle();
    expect((await describe(next)).StackStatus).toBe("CREATE_COMPLETE");
    expect(next.calls).toEqual(["create B", "create C"]);
    expect(harness.world.size).toBe(3);
    const lines = await eventLines(next);
    expect(lines.filter((line) => line.startsWith("A "))).toHaveLength(3);
    // The second IN_PROGRESS is "Resource creation Initiated".
    expect(lines.filter((line) => line.startsWith("B "))).toEqual([
      "B CREATE_IN_PROGRESS",
      "B CREATE_IN_PROGRESS",
      "B CREATE_COMPLETE",
    ]);
  });

  test("a replacement is not made twice, and the old one is cleaned up", async () => {
    const harness = createHarness();
    await create(
      harness,
      template({ A: { Properties: { Fixed: 1 } }, B: { Properties: { Value: { Ref: "A" } } } }),
    );
    await stopAt(harness, "delete A", "UpdateStack", {
      TemplateBody: template({
        A: { Properties: { Fixed: 2 } },
        B: { Properties: { Value: { Ref: "A" } } },
      }),
    });
    expect((await describe(harness)).StackStatus).toBe("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    const next = restarted(harness);
    await next.service.resume?.();
    await next.service.idle();
    expect((await describe(next)).StackStatus).toBe("UPDATE_COMPLETE");
    expect(next.calls).toEqual(["delete A"]);
    expect(next.world.size).toBe(2);
  });

  test("a replacement that was being made is made under the same name", async () => {
    const harness = createHarness();
    await create(harness, body(1));
    const [old] = harness.world.keys();
    harness.calls.length = 0;
    await stopAt(harness, "create A", "UpdateStack", { TemplateBody: body(2) });
    const next = restarted(harness);
    await next.service.resume?.();
    await next.service.idle();
    expect((await describe(next)).StackStatus).toBe("UPDATE_COMPLETE");
    expect(next.calls).toEqual(["create A", "delete A"]);
    expect(next.world.size).toBe(1);
    expect(next.world.has(old ?? "")).toBe(false);
  });

  test("an interrupted rollback goes on", async () => {
    const harness = createHarness();
    await create(harness, template({ A: { Properties: { Value: 1 } } }));
    harness.calls.length = 0;
    const gate = Promise.withResolvers<void>();
    harness.gates.set("create B", gate.promise);
    await harness.call("UpdateStack", {
      StackName: "s",
      TemplateBody: template({
        A: { Properties: { Value: 2 } },
        B: { DependsOn: "A", Properties: { Fail: true } },
      }),
    });
    await expect.poll(() => harness.calls).toEqual(["update A", "create B"]);
    harness.gates.set("update A", never());
    gate.resolve();
    await expect.poll(() => harness.calls).toEqual(["update A", "create B", "update A"]);
    await harness.service.close?.();
    expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_IN_PROGRESS");
    const next = restarted(harness);
    await next.service.resume?.();
    await next.service.idle();
    expect((await describe(next)).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect([...next.world.values()].map((item) => item["Value"])).toEqual([1]);
    const lines = await eventLines(next);
    expect(lines.slice(lines.indexOf("s UPDATE_ROLLBACK_IN_PROGRESS"))).toEqual([
      "s UPDATE_ROLLBACK_IN_PROGRESS",
      "A UPDATE_IN_PROGRESS",
      "A UPDATE_COMPLETE",
      "s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
      "B DELETE_COMPLETE",
      "s UPDATE_ROLLBACK_COMPLETE",
    ]);
  });

  test("a deletion goes on", async () => {
    const harness = createHarness();
    const { StackId } = await create(harness, template({ A: {}, B: { DependsOn: "A" } }));
    await stopAt(harness, "delete A", "DeleteStack", {});
    const next = restarted(harness);
    await next.service.resume?.();
    await next.service.idle();
    expect(next.calls).toEqual(["delete A"]);
    expect((await describe(next, StackId)).StackStatus).toBe("DELETE_COMPLETE");
    expect(next.world.size).toBe(0);
    expect((await eventLines(next, StackId)).slice(-6)).toEqual([
      "s DELETE_IN_PROGRESS",
      "B DELETE_IN_PROGRESS",
      "B DELETE_COMPLETE",
      "A DELETE_IN_PROGRESS",
      "A DELETE_COMPLETE",
      "s DELETE_COMPLETE",
    ]);
  });
});
