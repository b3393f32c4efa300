import { expect, test } from "vitest";
import { createHarness, thing } from "../harness.ts";

const a = { Type: thing };
const many = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`M${index}`, value]));
const conditional = {
  Conditions: { No: { "Fn::Equals": ["a", "b"] } },
  Resources: { A: { ...a, Condition: "No" } },
};

/** Parts of a template, and what CreateStack says of it. Where each text is from stands beside the code that says it. */
const refused: readonly (readonly [string, object, string])[] = [
  [
    "an unknown Ref",
    { Resources: { A: { ...a, Properties: { Value: { Ref: "Nope" } } } } },
    "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
  ],
  [
    "an unknown Ref in a branch that is not taken",
    {
      ...conditional,
      Resources: { A: { ...a, Properties: { Value: { "Fn::If": ["No", { Ref: "Nope" }, 1] } } } },
    },
    "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
  ],
  [
    "an unknown Ref in a second branch that is not taken",
    {
      Conditions: { Yes: { "Fn::Equals": ["a", "a"] } },
      Resources: { A: { ...a, Properties: { Value: { "Fn::If": ["Yes", 1, { Ref: "Nope" }] } } } },
    },
    "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
  ],
  [
    "an unknown pseudo parameter",
    { Resources: { A: { ...a, Properties: { Value: { Ref: "AWS::StackNam" } } } } },
    "Template format error: Unresolved resource dependencies [AWS::StackNam] in the Resources block of the template",
  ],
  [
    "an unknown DependsOn",
    { Resources: { A: { ...a, DependsOn: ["Nope"] } } },
    "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
  ],
  [
    "GetAtt of an unknown resource",
    { Resources: { A: { ...a, Properties: { Value: { "Fn::GetAtt": ["Nope", "Arn"] } } } } },
    "Template error: instance of Fn::GetAtt references undefined resource Nope",
  ],
  [
    "an attribute of an unknown resource in Sub",
    { Resources: { A: { ...a, Properties: { Value: { "Fn::Sub": "${Nope.Arn}" } } } } },
    "Template error: instance of Fn::Sub references invalid resource attribute Nope.Arn",
  ],
  [
    "an unknown attribute",
    { Resources: { A: a, B: { ...a, Properties: { Value: { "Fn::GetAtt": ["A", "Nope"] } } } } },
    "Template error: resource A does not support attribute type Nope in Fn::GetAtt",
  ],
  [
    "a reference to a resource that no condition chooses",
    {
      ...conditional,
      Resources: {
        ...conditional.Resources,
        B: { ...a, Properties: { Value: { Ref: "A" } } },
      },
    },
    "Template format error: Unresolved resource dependencies [A] in the Resources block of the template",
  ],
  [
    "an output of a resource that no condition chooses",
    {
      ...conditional,
      Resources: { ...conditional.Resources, B: a },
      Outputs: { O: { Value: { Ref: "A" } } },
    },
    "Unresolved resource dependencies [A] in the Outputs block of the template",
  ],
  [
    "a circle",
    {
      Resources: {
        A: { ...a, Properties: { Value: { Ref: "B" } } },
        B: { ...a, DependsOn: "A" },
        C: a,
      },
    },
    "Circular dependency between resources: [A, B]",
  ],
  [
    "an unknown condition of a resource",
    { Resources: { A: { ...a, Condition: "Nope" } } },
    "Template format error: Unresolved condition dependency Nope in the Resources block of the template",
  ],
  [
    "an unknown condition in Fn::If",
    { Resources: { A: { ...a, Properties: { Value: { "Fn::If": ["Nope", 1, 2] } } } } },
    "Template error: unresolved condition dependency Nope in Fn::If",
  ],
  [
    "a condition on a resource",
    { Resources: { A: a }, Conditions: { C: { "Fn::Equals": [{ Ref: "A" }, "x"] } } },
    "Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template",
  ],
  [
    "Equals of one",
    { Resources: { A: a }, Conditions: { C: { "Fn::Equals": ["x"] } } },
    "Template error: every Fn::Equals object requires a list of 2 string parameters.",
  ],
  [
    "And of one",
    { Resources: { A: a }, Conditions: { C: { "Fn::And": [{ "Fn::Equals": ["x", "x"] }] } } },
    "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.",
  ],
  [
    "an unknown mapping",
    { Resources: { A: { ...a, Properties: { Value: { "Fn::FindInMap": ["M", "a", "b"] } } } } },
    "Template error: Mapping named 'M' is not present in the 'Mappings' section of template.",
  ],
  [
    "a mapping that is too flat",
    { Resources: { A: a }, Mappings: { M: { A: "x" } } },
    "Template format error: Every Mappings member A must be a map",
  ],
  [
    "a mapping that is too deep",
    { Resources: { A: a }, Mappings: { M: { A: { B: { Ref: "AWS::Region" } } } } },
    "Template format error: Every Mappings attribute must be a String or a List.",
  ],
  [
    "a null",
    { Resources: { A: { ...a, Properties: { Value: null } } } },
    "[/Resources/A/Properties/Value] 'null' values are not allowed in templates",
  ],
  [
    "an output without a value",
    { Resources: { A: a }, Outputs: { O: { Description: "x" } } },
    "Template format error: Every Outputs member must contain a Value object",
  ],
  [
    "a wrong name of an output",
    { Resources: { A: a }, Outputs: { "O-1": { Value: "x" } } },
    "Template format error: Output name O-1 is non alphanumeric.",
  ],
  [
    "a wrong name of a parameter",
    { Resources: { A: a }, Parameters: { P_1: { Type: "String", Default: "x" } } },
    "Template format error: Parameter name P_1 is non alphanumeric.",
  ],
  [
    "a logical id that is too long",
    { Resources: { ["A".repeat(256)]: a } },
    `Template format error: Resource name ${"A".repeat(256)} is longer than 255 characters.`,
  ],
  [
    "an unknown parameter type",
    { Resources: { A: a }, Parameters: { P: { Type: "Strin" } } },
    "Template format error: Unrecognized parameter type: Strin",
  ],
  [
    "an unknown property of a parameter",
    { Resources: { A: a }, Parameters: { P: { Type: "String", Defalt: "x" } } },
    "Invalid template parameter property 'Defalt'",
  ],
  [
    "a default that is a list",
    { Resources: { A: a }, Parameters: { P: { Type: "CommaDelimitedList", Default: ["x"] } } },
    "Template format error: Every Default member must be a string.",
  ],
  [
    "an unknown attribute of a resource",
    { Resources: { A: { ...a, DependOn: "B" } } },
    "Invalid template resource property 'DependOn'",
  ],
  [
    "a wrong deletion policy",
    { Resources: { A: { ...a, DeletionPolicy: "Keep" } } },
    "Template format error: Unrecognized DeletionPolicy Keep for resource A",
  ],
  [
    "a policy for replacements that is for deletions only",
    { Resources: { A: { ...a, UpdateReplacePolicy: "RetainExceptOnCreate" } } },
    "Template format error: Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource A",
  ],
  [
    "a computed policy without language extensions",
    { Resources: { A: { ...a, DeletionPolicy: { Ref: "AWS::StackName" } } } },
    "Template format error: Every DeletionPolicy member must be a string.",
  ],
  [
    "snapshots of what has none",
    { Resources: { A: { ...a, DeletionPolicy: "Snapshot" } } },
    `Template error: resource type ${thing} does not support deletion policy Snapshot`,
  ],
  [
    "501 resources",
    { Resources: many(501, a) },
    "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
  ],
  [
    "201 parameters",
    { Resources: { A: a }, Parameters: many(201, { Type: "String", Default: "x" }) },
    "Template format error: Number of parameters, 201, is greater than maximum allowed, 200",
  ],
  [
    "201 outputs",
    { Resources: { A: a }, Outputs: many(201, { Value: "x" }) },
    "Template format error: Number of outputs, 201, is greater than maximum allowed, 200",
  ],
  [
    "a description that is too long",
    { Resources: { A: a }, Description: "x".repeat(1025) },
    "Template format error: 'Description' length is greater than 1024.",
  ],
  [
    "a wrong variable in Sub",
    { Resources: { A: { ...a, Properties: { Value: { "Fn::Sub": "${a b}" } } } } },
    "Template format error: Unresolved resource dependencies [a b] in the Resources block of the template",
  ],
];

test.each(refused)("CreateStack refuses %s", async (_, parts, text) => {
  const harness = createHarness();
  const request = harness.call("CreateStack", {
    StackName: "s",
    TemplateBody: JSON.stringify(parts),
  });
  await expect(request).rejects.toThrow(
    expect.objectContaining({ code: "ValidationError", message: text }) as Error,
  );
  expect(harness.calls).toEqual([]);
});

test("what is at the limits is taken", async () => {
  const harness = createHarness();
  const answer = await harness.call("ValidateTemplate", {
    TemplateBody: JSON.stringify({
      Description: "x".repeat(1024),
      Resources: { ...many(499, a), ["A".repeat(255)]: a },
      Outputs: many(200, { Value: "x" }),
    }),
  });
  expect(answer).toMatchObject({ Description: "x".repeat(1024) });
});
