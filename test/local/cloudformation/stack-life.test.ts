import { describe as suite, expect, test } from "vitest";
import { create, createHarness, describe, eventLines, template, thing, update } from "./harness.ts";
import type { ShownEvent } from "./harness.ts";

const ref = (name: string) => ({ Ref: name });

suite("a stack's life", () => {
  test("is created in dependency order, with AWS's events, and deleted in reverse", async () => {
    const harness = createHarness();
    const body = template(
      {
        Second: { Properties: { Value: ref("First") } },
        First: { Properties: { Value: 1 } },
        Third: {
          DependsOn: "Second",
          Properties: { Value: { "Fn::GetAtt": ["First", "Nested.Deep"] } },
        },
      },
      { Outputs: { Out: { Value: { "Fn::Sub": "${First.Arn}!" } } } },
    );
    const stack = await create(harness, body);
    expect(stack.StackStatus).toBe("CREATE_COMPLETE");
    expect(stack.Outputs[0]?.OutputValue).toMatch(
      /^arn:aws:fake:us-east-1:000000000000:thing\/s-First-[A-Z0-9]{12}!$/,
    );
    expect(harness.calls).toEqual(["create First", "create Second", "create Third"]);
    expect(await eventLines(harness)).toEqual([
      "s CREATE_IN_PROGRESS",
      ...["First", "Second", "Third"].flatMap((id) => [
        `${id} CREATE_IN_PROGRESS`,
        `${id} CREATE_IN_PROGRESS`,
        `${id} CREATE_COMPLETE`,
      ]),
      "s CREATE_COMPLETE",
    ]);

    await harness.call("DeleteStack", { StackName: "s" });
    await harness.service.idle();
    expect(harness.calls.slice(3)).toEqual(["delete Third", "delete Second", "delete First"]);
    expect(harness.world.size).toBe(0);
    await expect(describe(harness)).rejects.toThrow("Stack with id s does not exist");
    expect((await describe(harness, stack.StackId)).StackStatus).toBe("DELETE_COMPLETE");
    expect((await eventLines(harness, stack.StackId)).slice(11)).toEqual([
      "s DELETE_IN_PROGRESS",
      ...["Third", "Second", "First"].flatMap((id) => [
        `${id} DELETE_IN_PROGRESS`,
        `${id} DELETE_COMPLETE`,
      ]),
      "s DELETE_COMPLETE",
    ]);
  });

  test("gives its template back with question marks for what is not ASCII, and its resources as they are", async () => {
    const harness = createHarness();
    const raw = JSON.stringify({ A: { Type: thing, Properties: { Value: "請🤖é" } } });
    const body = `{"Resources":${raw},"Description":"caf\\u00e9"}`;
    await create(harness, body);
    expect([...harness.world.values()]).toMatchObject([{ Value: "請🤖é" }]);
    const { TemplateBody } = await harness.call<{ TemplateBody: string }>("GetTemplate", {
      StackName: "s",
    });
    expect(TemplateBody).toBe(body.replace("請🤖é", "???"));
    expect(TemplateBody).toContain(String.raw`caf\u00e9`);
  });

  test("makes independent resources at the same time", async () => {
    const gates = new Map([["create A", Promise.withResolvers<void>()]]);
    const harness = createHarness({
      gates: new Map([...gates].map(([key, gate]) => [key, gate.promise])),
    });
    await harness.call("CreateStack", { StackName: "s", TemplateBody: template({ A: {}, B: {} }) });
    await expect.poll(() => harness.world.size).toBe(1);
    expect((await describe(harness)).StackStatus).toBe("CREATE_IN_PROGRESS");
    gates.get("create A")?.resolve();
    await harness.service.idle();
    expect((await describe(harness)).StackStatus).toBe("CREATE_COMPLETE");
  });

  test("updates in place, replaces and cleans up, adds and removes", async () => {
    const harness = createHarness();
    await create(
      harness,
      template({
        Kept: { Properties: { Value: 1 } },
        Moved: { Properties: { Fixed: "a" } },
        Gone: {},
        User: { Properties: { Value: ref("Moved") } },
      }),
    );
    const before = new Map(harness.world);
    const body = template({
      Kept: { Properties: { Value: 2 } },
      Moved: { Properties: { Fixed: "b" } },
      New: {},
      User: { Properties: { Value: ref("Moved") } },
    });
    harness.calls.length = 0;
    const stack = await update(harness, body);
    expect(stack.StackStatus).toBe("UPDATE_COMPLETE");
    expect(harness.calls.toSorted()).toEqual([
      "create Moved",
      "create New",
      "delete Gone",
      "delete Moved",
      "update Kept",
      "update User",
    ]);
    const moved = [...harness.world.keys()].filter((name) => name.includes("Moved"));
    expect(moved).toHaveLength(1);
    expect(before.has(moved[0] ?? "")).toBe(false);
    const user = [...harness.world].find(([name]) => name.includes("User"))?.[1];
    expect(user?.["Value"]).toBe(moved[0]);
    expect(await eventLines(harness)).toContain("s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    await expect(update(harness, body)).rejects.toThrow("No updates are to be performed.");
  });

  test("nested properties decide about replacement too", async () => {
    const harness = createHarness();
    await create(harness, template({ A: { Properties: { Config: { Size: 1, Kind: "x" } } } }));
    harness.calls.length = 0;
    await update(harness, template({ A: { Properties: { Config: { Size: 2, Kind: "x" } } } }));
    expect(harness.calls).toEqual(["update A"]);
    await update(harness, template({ A: { Properties: { Config: { Size: 2, Kind: "y" } } } }));
    expect(harness.calls).toEqual(["update A", "create A", "delete A"]);
  });

  test("refuses to replace a custom-named resource", async () => {
    const harness = createHarness();
    await create(harness, template({ A: { Properties: { Name: "mine", Fixed: "a" } } }));
    const stack = await update(
      harness,
      template({ A: { Properties: { Name: "mine", Fixed: "b" } } }),
    );
    expect(stack.StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    const { StackEvents } = await harness.call<{ StackEvents: ShownEvent[] }>(
      "DescribeStackEvents",
      { StackName: "s" },
    );
    expect(StackEvents.map((event) => event.ResourceStatusReason)).toContain(
      "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and update the stack again.",
    );
    expect(harness.world.get("mine")?.["Fixed"]).toBe("a");
  });

  test("event times never repeat, and pages cover all of them", async () => {
    const harness = createHarness();
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`R${index}`, {}]));
    await create(harness, template(many));
    const all: ShownEvent[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await harness.call<{ StackEvents: ShownEvent[]; NextToken?: string }>(
        "DescribeStackEvents",
        {
          StackName: "s",
          NextToken,
        },
      );
      all.push(...answer.StackEvents);
      ({ NextToken } = answer);
    } while (NextToken !== undefined);
    expect(all).toHaveLength(60 * 3 + 2);
    expect(new Set(all.map(({ EventId }) => EventId)).size).toBe(all.length);
    const times = all.map(({ Timestamp }) => Timestamp.getTime());
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual(times.toSorted((left, right) => right - left));
  });
});
