import { describe as suite, expect, test } from "vitest";
import { ServiceError } from "../../../src/local/service-error.ts";
import { create, createHarness, describe, eventLines, template, update } from "./harness.ts";

// What random templates found, in the smallest form that shows it.

suite("a rollback", () => {
  test("takes away metadata and policies that the failed template had given", async () => {
    const harness = createHarness();
    const body = template({ A: { Properties: { Fixed: 1 } }, B: { Properties: { Value: 1 } } });
    await create(harness, body);
    await update(
      harness,
      template({
        A: { Properties: { Fixed: 2 }, Metadata: { n: 1 }, UpdateReplacePolicy: "Delete" },
        B: { Properties: { Value: 2 }, Metadata: { n: 1 }, DeletionPolicy: "Retain" },
        C: { DependsOn: ["A", "B"], Properties: { Fail: true } },
      }),
    );
    expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    await expect(update(harness, body)).rejects.toThrow("No updates are to be performed.");
  });
});

const fixed = (Fixed: number, more: object) => template({ A: { Properties: { Fixed }, ...more } });

suite("a clean-up", () => {
  test("keeps what the template that replaces it says is to be kept", async () => {
    const harness = createHarness();
    await create(harness, fixed(1, {}));
    await update(harness, fixed(2, { UpdateReplacePolicy: "Retain" }));
    expect(harness.world.size).toBe(2);
    await update(harness, fixed(3, {}));
    expect(harness.world.size).toBe(2);
  });

  test("goes on to what was needed by something that cannot be deleted", async () => {
    const harness = createHarness();
    await create(
      harness,
      template({ A: {}, B: { DependsOn: "A", Properties: { Fail: "delete" } }, C: {} }),
    );
    await update(harness, template({ C: {} }));
    expect((await describe(harness)).StackStatus).toBe("UPDATE_COMPLETE");
    const lines = await eventLines(harness);
    expect(lines).toContain("B DELETE_FAILED");
    expect(lines).toContain("A DELETE_COMPLETE");
    const { StackResources } = await harness.call<{
      StackResources: { LogicalResourceId: string }[];
    }>("DescribeStackResources", { StackName: "s" });
    expect(StackResources.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(["C"]);
  });
});

/** Holds for the first call alone. */
class Once extends Map<string, Promise<void>> {
  override get(call: string): Promise<void> | undefined {
    const gate = super.get(call);
    this.delete(call);
    return gate;
  }
}

async function throttled(): Promise<void> {
  throw new ServiceError("Throttling", "Rate exceeded");
}

async function broken(): Promise<void> {
  throw new TypeError("a bug");
}

/** Holds A's creation back for ever after it has made its thing, and loses what runs then. */
async function cutOff() {
  const harness = createHarness();
  harness.gates.set("create A", new Promise<void>(() => {}));
  await harness.call("CreateStack", {
    StackName: "s",
    TemplateBody: template({ A: {}, B: { DependsOn: "A" } }),
  });
  await expect.poll(() => harness.calls).toContain("create A");
  const { StackId } = await describe(harness);
  const state = harness.state;
  await harness.service.close?.();
  const { resources } = state
    .collection<{ resources: Record<string, { nameToken: string }> }>("cloudformation.resources")
    .get("us-east-1", StackId) ?? { resources: {} };
  harness.world.set(`s-A-${resources["A"]?.nameToken}`, {});
  return { harness, StackId };
}

suite("a creation that was cut off after it had made something, before its id was stored", () => {
  test("is found and deleted when its stack is deleted at once", async () => {
    const { harness, StackId } = await cutOff();
    const next = createHarness({ state: harness.state, world: harness.world });
    await next.service.resume?.();
    await next.call("DeleteStack", { StackName: "s" });
    await next.service.idle();
    expect((await describe(next, StackId)).StackStatus).toBe("DELETE_COMPLETE");
    expect(harness.world.size).toBe(0);
  });

  test("is found and deleted by the rollback when trying again fails", async () => {
    const { harness, StackId } = await cutOff();
    const gates = new Once([["create A", throttled()]]);
    const next = createHarness({ state: harness.state, world: harness.world, gates });
    await next.service.resume?.();
    await next.service.idle();
    expect((await describe(next, StackId)).StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(harness.world.size).toBe(0);
  });

  test.each([
    ["a refusal says that it made nothing", throttled, 0],
    ["a broken handler says nothing", broken, 1],
  ])("%s: what is logged", async (_, answer, lines) => {
    const { harness } = await cutOff();
    harness.world.clear();
    const gates = new Map([["create A", answer()]]);
    const next = createHarness({ state: harness.state, world: harness.world, gates });
    await next.service.resume?.();
    await next.service.idle();
    expect((await describe(next)).StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(next.log.filter((line) => line.includes("cannot be told"))).toHaveLength(lines);
  });
});
