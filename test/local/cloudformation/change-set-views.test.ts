import { expect, test } from "vitest";
import { create, createHarness, template } from "./harness.ts";

interface ChangeSet {
  readonly Changes: readonly {
    readonly ResourceChange: {
      readonly LogicalResourceId: string;
      readonly Details: readonly { readonly CausingEntity?: string }[];
    };
  }[];
}

const body = (value: number) =>
  template({
    A: { Properties: { Value: value } },
    B: { Properties: { Value: value, Config: { Size: { "Fn::GetAtt": "A.Arn" } } } },
  });

test("a possible change beside a certain one is told only where no values are asked for", async () => {
  const harness = createHarness();
  await create(harness, body(1));
  const names = { StackName: "s", ChangeSetName: "c" };
  await harness.call("CreateChangeSet", { ...names, TemplateBody: body(2) });
  const causes = async (IncludePropertyValues: boolean) => {
    const { Changes } = await harness.call<ChangeSet>("DescribeChangeSet", {
      ...names,
      IncludePropertyValues,
    });
    return Changes.map(({ ResourceChange: { LogicalResourceId, Details } }) => [
      LogicalResourceId,
      ...Details.map(({ CausingEntity }) => CausingEntity ?? "itself"),
    ]);
  };
  expect(await causes(true)).toEqual([
    ["A", "itself"],
    ["B", "itself"],
  ]);
  expect(await causes(false)).toEqual([
    ["A", "itself"],
    ["B", "itself", "A.Arn"],
  ]);
});
