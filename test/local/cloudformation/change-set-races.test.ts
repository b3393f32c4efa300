import { expect, test } from "vitest";
import { create, createHarness, template } from "./harness.ts";
import type { Harness } from "./harness.ts";

interface Made {
  readonly Id: string;
  readonly StackId: string;
}

/** Asks for a change set of the stack `s`, which the request makes where there is none. */
function ask(harness: Harness, ChangeSetName: string, more: object = {}): Promise<Made> {
  return harness.call<Made>("CreateChangeSet", {
    StackName: "s",
    ChangeSetName,
    ChangeSetType: "CREATE",
    TemplateBody: template({ A: {} }, { Outputs: { Id: { Value: { Ref: "AWS::StackId" } } } }),
    ...more,
  });
}

async function stackIds(harness: Harness): Promise<string[]> {
  const { Stacks } = await harness.call<{ Stacks: { StackId: string }[] }>("DescribeStacks");
  return Stacks.map(({ StackId }) => StackId);
}

test("change sets that are asked for at once make one stack", async () => {
  const harness = createHarness();
  const made = await Promise.all(["a", "b", "c"].map((name) => ask(harness, name)));
  const ids = await stackIds(harness);
  expect(ids).toHaveLength(1);
  expect(made.map(({ StackId }) => StackId)).toEqual([ids[0], ids[0], ids[0]]);
  const { Summaries } = await harness.call<{ Summaries: object[] }>("ListChangeSets", {
    StackName: "s",
  });
  expect(Summaries).toHaveLength(3);
  const [first] = made;
  await harness.call("ExecuteChangeSet", { ChangeSetName: first?.Id });
  await harness.service.idle();
  const { Stacks } = await harness.call<{ Stacks: object[] }>("DescribeStacks");
  expect(Stacks).toMatchObject([
    { StackStatus: "CREATE_COMPLETE", Outputs: [{ OutputValue: ids[0] }] },
  ]);
});

test("of two change sets of one name that are asked for at once, one is refused", async () => {
  const harness = createHarness();
  const results = await Promise.allSettled([ask(harness, "c"), ask(harness, "c")]);
  expect(results).toMatchObject([
    { status: "fulfilled" },
    { status: "rejected", reason: { code: "AlreadyExistsException" } },
  ]);
});

test("a request that is repeated while it is worked on has the first one's answer", async () => {
  const harness = createHarness();
  const again = { ClientToken: "t" };
  const [first, second] = await Promise.all([ask(harness, "c", again), ask(harness, "c", again)]);
  expect(second).toEqual(first);
});

test("a change set of a stack that is deleted while it is planned is refused", async () => {
  const harness = createHarness();
  await create(harness, template({ A: { Properties: { Value: 1 } } }));
  const TemplateBody = template({ A: { Properties: { Value: 2 } } });
  const [planned] = await Promise.allSettled([
    ask(harness, "c", { ChangeSetType: "UPDATE", TemplateBody }),
    harness.call("DeleteStack", { StackName: "s" }),
  ]);
  expect(planned).toMatchObject({
    status: "rejected",
    reason: { message: "Stack [s] does not exist" },
  });
  await harness.service.idle();
});
