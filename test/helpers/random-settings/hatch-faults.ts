import type { Fault } from "./fault.ts";

const keys = ["overrides", "resources", "outputs", "conditions", "parameters"];

/** CloudFormation's own words, without any that were right: these name each other. */
const hatch = (settings: Readonly<Record<string, unknown>>, at: string): Fault => ({
  area: "hatches",
  family: at.replace(/\..*$/, ""),
  puts: keys.map((key) => [key, settings[key]]),
  at,
});

const right = { Type: "AWS::SQS::Queue" };
const long = "x".repeat(256);

export const hatchFaults: readonly Fault[] = [
  ...keys.flatMap((key) => [hatch({ [key]: [] }, key), hatch({ [key]: "all" }, key)]),
  hatch({ overrides: { OperatorRole: [] } }, "overrides.OperatorRole"),
  hatch(
    { overrides: { OperatorRole: { Description: "own" } } },
    "overrides.OperatorRole.Description",
  ),
  hatch({ overrides: { OperatorRole: { "": 1 } } }, "overrides.OperatorRole."),
  hatch(
    { overrides: { "AWS::IAM::Role": { "properties.Path": "/" } } },
    "overrides.AWS::IAM::Role.properties.Path",
  ),
  ...["Type", "Properties"].map((path) =>
    hatch({ overrides: { OperatorRole: { [path]: null } } }, `overrides.OperatorRole.${path}`),
  ),
  ...["a b", "a-b", "", long].map((id) => hatch({ resources: { [id]: right } }, `resources.${id}`)),
  hatch({ resources: { Own: {} } }, "resources.Own.Type"),
  hatch({ resources: { Own: null } }, "resources.Own"),
  ...["Queue", "AWS::SQS", "Custom::"].map((Type) =>
    hatch({ resources: { Own: { Type } } }, "resources.Own.Type"),
  ),
  ...(
    [
      ["Properties", []],
      ["DependsOn", 1],
      ["Condition", true],
      ["Condition", "Nowhere"],
      ["DeletionPolicy", "Keep"],
      ["UpdateReplacePolicy", "Keep"],
      ["UpdatePolicy", "x"],
      ["CreationPolicy", "x"],
      ["Metadata", "x"],
      ["properties", {}],
    ] satisfies [string, unknown][]
  ).map(([key, value]) =>
    hatch({ resources: { Own: { ...right, [key]: value } } }, `resources.Own.${key}`),
  ),
  ...["a b", "", long].map((id) => hatch({ outputs: { [id]: { Value: "x" } } }, `outputs.${id}`)),
  hatch({ outputs: { Own: {} } }, "outputs.Own.Value"),
  hatch({ outputs: { Own: { Value: [] } } }, "outputs.Own.Value"),
  hatch({ outputs: { Own: { Value: "x", Description: 1 } } }, "outputs.Own.Description"),
  hatch({ outputs: { Own: { Value: "x", Condition: "Nowhere" } } }, "outputs.Own.Condition"),
  hatch({ outputs: { Own: { Value: "x", Export: "own" } } }, "outputs.Own.Export"),
  hatch({ outputs: { Own: { Value: "x", Export: {} } } }, "outputs.Own.Export.Name"),
  hatch({ outputs: { Own: { Value: "x", value: "x" } } }, "outputs.Own.value"),
  hatch({ conditions: { "a b": { "Fn::Equals": [1, 1] } } }, "conditions.a b"),
  hatch({ conditions: { Always: true } }, "conditions.Always"),
  hatch({ parameters: { "a-b": { Type: "String", Default: "x" } } }, "parameters.a-b"),
  hatch({ parameters: { Stage: { Type: "String" } } }, "parameters.Stage.Default"),
  hatch({ parameters: { Stage: { Type: "String", Default: [] } } }, "parameters.Stage.Default"),
  hatch({ parameters: { Stage: { Default: "x" } } }, "parameters.Stage.Type"),
  hatch({ parameters: { Stage: "prod" } }, "parameters.Stage"),
];
