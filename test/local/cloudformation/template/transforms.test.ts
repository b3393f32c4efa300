import { expect, test } from "vitest";
import { ServiceError } from "../../../../src/local/service-error.ts";
import type { TargetContext } from "../../../../src/local/service.ts";
import { create, createHarness, describe, thing, update } from "../harness.ts";
import type { Harness } from "../harness.ts";

const extensions = { Transform: "AWS::LanguageExtensions" };
const capable = { Capabilities: ["CAPABILITY_AUTO_EXPAND"] };

const text = (template: object): string => JSON.stringify({ ...extensions, ...template });

async function processed(harness: Harness): Promise<Record<string, Record<string, unknown>>> {
  const { TemplateBody } = await harness.call<{ TemplateBody: string }>("GetTemplate", {
    StackName: "s",
    TemplateStage: "Processed",
  });
  return JSON.parse(TemplateBody) as Record<string, Record<string, unknown>>;
}

// The shape of what AWS answers: localstack/localstack test_transformers.snapshot.json.
test("loops in loops become resources, outputs and conditions, and functions of parameters their values", async () => {
  const harness = createHarness();
  const body = text({
    Parameters: { Names: { Type: "CommaDelimitedList" }, Env: { Type: "String", Default: "dev" } },
    Conditions: {
      "Fn::ForEach::Conditions": [
        "Name",
        { Ref: "Names" },
        { "Is${Name}": { "Fn::Equals": [{ Ref: "Name" }, "Bar"] } },
      ],
    },
    Resources: {
      "Fn::ForEach::Top": [
        "Prefix",
        { Ref: "Names" },
        {
          "My${Prefix}": {
            Type: thing,
            Properties: {
              Name: { "Fn::Join": [".", [{ Ref: "Prefix" }, "fifo"]] },
              Value: { "Fn::Sub": "${Prefix} in ${Env}" },
            },
          },
          "Fn::ForEach::Low": [
            "Suffix",
            ["A", "1-2"],
            {
              "My${Prefix}&{Suffix}": {
                Type: thing,
                Condition: "Is${Prefix}",
                DeletionPolicy: { "Fn::Sub": "Retain" },
                Properties: { Value: { "Fn::GetAtt": ["My${Prefix}", "Arn"] } },
              },
            },
          ],
        },
      ],
    },
    Outputs: {
      "Fn::ForEach::Outputs": [
        "Name",
        { Ref: "Names" },
        { "Out${Name}": { Value: { Ref: "My${Name}" } } },
      ],
      Count: { Value: { "Fn::Length": { Ref: "Names" } } },
    },
  });
  const stack = await create(harness, body, {
    ...capable,
    Parameters: [{ ParameterKey: "Names", ParameterValue: "Foo,Bar" }],
  });
  expect(stack.StackStatus).toBe("CREATE_COMPLETE");
  expect(stack.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])).toEqual([
    ["OutFoo", "Foo.fifo"],
    ["OutBar", "Bar.fifo"],
    ["Count", "2"],
  ]);
  expect([...harness.world.keys()].filter((name) => name.endsWith(".fifo"))).toEqual([
    "Foo.fifo",
    "Bar.fifo",
  ]);
  expect(harness.calls.toSorted()).toEqual([
    "create MyBar",
    "create MyBar12",
    "create MyBarA",
    "create MyFoo",
  ]);
  const template = await processed(harness);
  expect(Object.keys(template)).not.toContain("Transform");
  expect(template["Resources"]?.["MyFoo"]).toEqual({
    Type: thing,
    Properties: { Name: "Foo.fifo", Value: "Foo in dev" },
  });
  expect(template["Resources"]?.["MyBarA"]).toMatchObject({ DeletionPolicy: "Retain" });
  const original = await harness.call<{ TemplateBody: string }>("GetTemplate", { StackName: "s" });
  expect(original.TemplateBody).toBe(body);

  // The same template with other parameters is another one after its transforms.
  const next = await update(harness, body, {
    ...capable,
    Parameters: [{ ParameterKey: "Names", ParameterValue: "Foo" }],
  });
  expect(next.StackStatus).toBe("UPDATE_COMPLETE");
  expect(next.Outputs.map(({ OutputKey }) => OutputKey)).toEqual(["OutFoo", "Count"]);
  expect(harness.calls.slice(4).toSorted()).toEqual(["delete MyBar"]);
});

test("loops in properties, defaults of mappings, lengths and JSON texts", async () => {
  const harness = createHarness();
  await create(
    harness,
    text({
      Mappings: { M: { x: { y: "found" } } },
      Parameters: { Region: { Type: "String", Default: "x" } },
      Resources: {
        A: { Type: thing, Properties: { Name: "a" } },
        B: {
          Type: thing,
          Properties: {
            Name: "b",
            Value: {
              "Fn::ForEach::Keys": ["Key", ["p", "q"], { "k${Key}": { "Fn::Sub": "v${Key}" } }],
              found: { "Fn::FindInMap": ["M", { Ref: "Region" }, "y", { DefaultValue: "other" }] },
              other: { "Fn::FindInMap": ["M", "no", "y", { DefaultValue: { Ref: "Region" } }] },
              nested: {
                "Fn::FindInMap": [{ "Fn::Join": ["", ["M"]] }, "x", { "Fn::Select": [0, ["y"]] }],
              },
              length: { "Fn::Length": [1, 2, { Ref: "A" }] },
              json: {
                "Fn::ToJsonString": { a: { Ref: "A" }, n: { Ref: "AWS::NoValue" }, b: [1, true] },
              },
            },
          },
        },
      },
    }),
    capable,
  );
  expect(harness.world.get("b")?.["Value"]).toEqual({
    kp: "vp",
    kq: "vq",
    found: "found",
    other: "x",
    nested: "found",
    length: 3,
    json: '{"a":"a","b":[1,true]}',
  });
});

test("secrets do not reach the processed template", async () => {
  const harness = createHarness();
  await create(
    harness,
    text({
      Parameters: { Secret: { Type: "String", NoEcho: true } },
      Resources: { A: { Type: thing, Properties: { Name: "a", Value: { Ref: "Secret" } } } },
    }),
    { ...capable, Parameters: [{ ParameterKey: "Secret", ParameterValue: "hidden" }] },
  );
  expect(harness.world.get("a")?.["Value"]).toBe("hidden");
  expect(JSON.stringify(await processed(harness))).not.toContain("hidden");
});

test("without the transform its functions are refused", async () => {
  const harness = createHarness();
  const body = JSON.stringify({
    Resources: { A: { Type: thing, Properties: { Value: { "Fn::Length": [1] } } } },
  });
  await expect(harness.call("CreateStack", { StackName: "s", TemplateBody: body })).rejects.toThrow(
    "Fn::Length needs the AWS::LanguageExtensions transform",
  );
});

test.each([
  [
    { "Fn::ForEach::X": ["Id", ["a"]] },
    "Transform AWS::LanguageExtensions failed with: Fn::ForEach layout is incorrect",
  ],
  [
    { A: { Type: thing, Properties: { Value: { "Fn::Length": "text" } } } },
    "Transform AWS::LanguageExtensions failed with: Fn::Length layout is incorrect",
  ],
  [
    { "Fn::ForEach::X": ["Id", ["a", "b"], { Same: { Type: thing } }] },
    "Transform AWS::LanguageExtensions failed with: Duplicate key Same made by Fn::ForEach",
  ],
])("a transform of %j fails the change set and refuses the stack", async (Resources, reason) => {
  const harness = createHarness();
  await expect(
    harness.call("CreateStack", { StackName: "s", TemplateBody: text({ Resources }), ...capable }),
  ).rejects.toThrow(reason);
  await harness.call("CreateChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    ChangeSetType: "CREATE",
    TemplateBody: text({ Resources }),
  });
  expect(
    await harness.call("DescribeChangeSet", { StackName: "s", ChangeSetName: "c" }),
  ).toMatchObject({ Status: "FAILED", ExecutionStatus: "UNAVAILABLE", StatusReason: reason });
});

test("transforms need their capability, unless a change set shows what they make", async () => {
  const harness = createHarness();
  const TemplateBody = text({ Resources: { A: { Type: thing } } });
  await expect(harness.call("CreateStack", { StackName: "s", TemplateBody })).rejects.toMatchObject(
    {
      code: "InsufficientCapabilitiesException",
      message: "Requires capabilities : [CAPABILITY_AUTO_EXPAND]",
    },
  );
  await harness.call("CreateChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    ChangeSetType: "CREATE",
    TemplateBody,
  });
  await harness.call("ExecuteChangeSet", { StackName: "s", ChangeSetName: "c" });
  await harness.service.idle();
  expect((await describe(harness)).StackStatus).toBe("CREATE_COMPLETE");
  expect(await harness.call("ValidateTemplate", { TemplateBody })).toMatchObject({
    Capabilities: ["CAPABILITY_AUTO_EXPAND"],
    DeclaredTransforms: ["AWS::LanguageExtensions"],
  });
});

test("macros do not exist here, and SAM is refused", async () => {
  const harness = createHarness();
  const request = (Transform: unknown) =>
    harness.call("CreateStack", {
      StackName: "s",
      TemplateBody: text({ Transform, Resources: { A: { Type: thing } } }),
      ...capable,
    });
  await expect(request("Mine")).rejects.toThrow("No transform named Mine found.");
  await expect(request({ Name: 1 })).rejects.toThrow(
    "Key Name of transform definition must be a string.",
  );
  await expect(request("AWS::Serverless-2016-10-31")).rejects.toThrow(
    "Transform AWS::Serverless-2016-10-31 is not supported by the local target",
  );
});

const objects: TargetContext["call"] = async <Output extends object>(
  _service: string,
  _operation: string,
  input: object,
): Promise<Output> => {
  const { Bucket, Key } = input as { readonly Bucket: string; readonly Key: string };
  if (Bucket !== "snippets") throw new ServiceError("NoSuchBucket", "The bucket does not exist");
  const bodies: Record<string, string> = {
    properties: JSON.stringify({ Value: { Ref: "P" } }),
    sections: "Resources:\n  B:\n    Type: Test::Fake::Thing\n    Properties: { Name: b }\n",
  };
  return { Body: Buffer.from(bodies[Key] ?? "") } as unknown as Output;
};

const include = (key: string) => ({
  Name: "AWS::Include",
  Parameters: { Location: `s3://snippets/${key}` },
});

test("AWS::Include brings properties and sections from S3", async () => {
  const harness = createHarness({ call: objects });
  const stack = await create(
    harness,
    JSON.stringify({
      Transform: include("sections"),
      Parameters: { P: { Type: "String", Default: "p" } },
      Resources: {
        A: { Type: thing, Properties: { Name: "a", "Fn::Transform": include("properties") } },
      },
    }),
    capable,
  );
  expect(stack.StackStatus).toBe("CREATE_COMPLETE");
  expect(harness.world.get("a")?.["Value"]).toBe("p");
  expect(harness.world.has("b")).toBe(true);

  await harness.call("CreateChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    TemplateBody: JSON.stringify({
      Resources: {
        A: {
          Type: thing,
          Properties: {
            "Fn::Transform": {
              Name: "AWS::Include",
              Parameters: { Location: "s3://doesnotexist/key" },
            },
          },
        },
      },
    }),
  });
  // Observed: localstack/localstack test_change_sets.snapshot.json, test_describe_failed_change_set.
  expect(
    await harness.call("DescribeChangeSet", { StackName: "s", ChangeSetName: "c" }),
  ).toMatchObject({
    Status: "FAILED",
    StatusReason: "Transform AWS::Include failed with: S3 bucket [doesnotexist] does not exist.",
  });
});
