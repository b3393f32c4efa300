import { expect, test } from "vitest";
import { createHarness, thing } from "../harness.ts";

const capable = { Capabilities: ["CAPABILITY_AUTO_EXPAND"] };

const text = (template: object): string =>
  JSON.stringify({ Transform: "AWS::LanguageExtensions", ...template });

const thirty = Array.from({ length: 30 }, (_, n) => `n${n}`);

/** `depth` loops in each other around a body, with the identifiers `a1` and so on. */
function nested(depth: number, body: object): object {
  return depth === 0 ? body : { "Fn::ForEach::L": [`a${depth}`, thirty, nested(depth - 1, body)] };
}

test.each([
  ["more resources than memory", nested(6, { "${a1}${a2}${a3}${a4}${a5}${a6}": { Type: thing } })],
  ["nothing, too often", nested(6, {})],
  [
    "too much text",
    nested(2, { "A${a1}${a2}": { Type: thing, Properties: { Value: "x".repeat(20_000) } } }),
  ],
])("loops that make %s are refused before they have made it", async (_what, Resources) => {
  const harness = createHarness();
  await expect(
    harness.call("CreateStack", { StackName: "s", TemplateBody: text({ Resources }), ...capable }),
  ).rejects.toThrow(
    "Transform AWS::LanguageExtensions failed with: Fn::ForEach makes more than a template can have",
  );
});

test("loops may make as many resources as a stack can have", async () => {
  const harness = createHarness();
  const resource = { Type: thing, Properties: { Value: "x".repeat(1000) } };
  const four = [`a3`, ["a", "b", "c", "d"], { "${a1}${a2}${a3}": resource }];
  const ten = ["a2", thirty.slice(0, 10), { "Fn::ForEach::C": four }];
  const Resources = { "Fn::ForEach::A": ["a1", thirty.slice(0, 12), { "Fn::ForEach::B": ten }] };
  const set = { StackName: "s", ChangeSetName: "c" };
  const TemplateBody = text({ Resources });
  await harness.call("CreateChangeSet", { ...set, ChangeSetType: "CREATE", TemplateBody });
  expect(await harness.call("DescribeChangeSet", set)).toMatchObject({ Status: "CREATE_COMPLETE" });
  const summary = await harness.call<{ ResourceTypes: string[] }>("GetTemplateSummary", {
    TemplateBody,
  });
  expect(summary.ResourceTypes).toHaveLength(480);
});
