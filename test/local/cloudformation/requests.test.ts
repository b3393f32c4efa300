import { describe as suite, expect, test } from "vitest";
import { objectPlace } from "../../../src/local/cloudformation/s3-template.ts";
import { create, createHarness, describe, template, update } from "./harness.ts";

const exporting = (value: string) =>
  template({ A: {} }, { Outputs: { O: { Value: value, Export: { Name: "shared" } } } });

suite("requests", () => {
  test("parameters, conditions, rules and outputs make the stack", async () => {
    const harness = createHarness({ parameters: { "/cdk-bootstrap/hnb659fds/version": "32" } });
    const body = template(
      { A: { Properties: { Value: { Ref: "Secret" } } }, B: { Condition: "IsProd" } },
      {
        Parameters: {
          BootstrapVersion: {
            Type: "AWS::SSM::Parameter::Value<String>",
            Default: "/cdk-bootstrap/hnb659fds/version",
          },
          Stage: { Type: "String", Default: "dev" },
          Secret: { Type: "String", NoEcho: true },
        },
        Conditions: { IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } },
        Rules: {
          CheckBootstrapVersion: {
            Assertions: [
              {
                Assert: {
                  "Fn::Not": [{ "Fn::Contains": [["1", "2"], { Ref: "BootstrapVersion" }] }],
                },
                AssertDescription: "too old",
              },
            ],
          },
        },
        Outputs: {
          OnlyProd: { Condition: "IsProd", Value: { Ref: "B" } },
          Always: { Value: { Ref: "Stage" } },
        },
      },
    );
    const stack = await create(harness, body, {
      Parameters: [{ ParameterKey: "Secret", ParameterValue: "hidden" }],
    });
    expect(stack.StackStatus).toBe("CREATE_COMPLETE");
    expect(stack.Outputs.map(({ OutputKey }) => OutputKey)).toEqual(["Always"]);
    expect(stack.Parameters).toEqual([
      {
        ParameterKey: "BootstrapVersion",
        ParameterValue: "/cdk-bootstrap/hnb659fds/version",
        ResolvedValue: "32",
      },
      { ParameterKey: "Stage", ParameterValue: "dev" },
      { ParameterKey: "Secret", ParameterValue: "****" },
    ]);
    const events = JSON.stringify(await harness.call("DescribeStackEvents", { StackName: "s" }));
    expect(events).toContain("****");
    expect(events).not.toContain("hidden");
    await update(harness, body, {
      Parameters: [
        { ParameterKey: "Stage", ParameterValue: "prod" },
        { ParameterKey: "Secret", UsePreviousValue: true },
      ],
    });
    expect(harness.calls).toEqual(["create A", "create B"]);
    const old = createHarness({ parameters: { "/cdk-bootstrap/hnb659fds/version": "2" } });
    await expect(
      create(old, body, { Parameters: [{ ParameterKey: "Secret", ParameterValue: "x" }] }),
    ).rejects.toThrow("CheckBootstrapVersion: too old");
  });

  test("exports in use protect their stack", async () => {
    const harness = createHarness();
    await create(harness, exporting("1"));
    await harness.call("CreateStack", {
      StackName: "user",
      TemplateBody: template({ B: { Properties: { Value: { "Fn::ImportValue": "shared" } } } }),
    });
    await harness.service.idle();
    expect(await harness.call("ListImports", { ExportName: "shared" })).toMatchObject({
      Imports: ["user"],
    });
    expect((await update(harness, exporting("2"))).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    await harness.call("DeleteStack", { StackName: "s" });
    const kept = await describe(harness);
    expect(kept.StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(kept.StackStatusReason).toBe("Export shared cannot be deleted as it is in use by user");
    await harness.call("CreateStack", { StackName: "third", TemplateBody: exporting("3") });
    await harness.service.idle();
    const third = await describe(harness, "third");
    expect(third.StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(third.StackStatusReason).toBeUndefined();
    await harness.call("DeleteStack", { StackName: "user" });
    await harness.service.idle();
    await harness.call("DeleteStack", { StackName: "s" });
    await harness.service.idle();
    await expect(describe(harness)).rejects.toThrow("does not exist");
  });

  test.each<[object, string]>([
    [
      { A: { Properties: { Value: { Ref: "Nobody" } } } },
      "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template",
    ],
    [
      { A: { DependsOn: "B" }, B: { DependsOn: "A" } },
      "Circular dependency between resources: [A, B]",
    ],
    [
      { A: {}, B: { Properties: { Value: { "Fn::GetAtt": "A.Nope" } } } },
      "Template error: resource A does not support attribute type Nope in Fn::GetAtt",
    ],
    [
      { A: { Type: "Custom::X" } },
      "Resource types [Custom::X] are not supported by the local target",
    ],
  ])("%j is refused before anything is made", async (resources, text) => {
    const harness = createHarness();
    await expect(create(harness, template(resources as Record<string, object>))).rejects.toThrow(
      text,
    );
    await expect(describe(harness)).rejects.toThrow("Stack with id s does not exist");
  });

  test("a repeated request is answered once, a token for something else refused", async () => {
    const harness = createHarness();
    const input = { StackName: "s", TemplateBody: template({ A: {} }), ClientRequestToken: "t" };
    const first = await harness.call("CreateStack", input);
    const again = await harness.call("CreateStack", input);
    expect(again["StackId"]).toBe(first["StackId"]);
    await harness.service.idle();
    expect(harness.calls).toEqual(["create A"]);
    await expect(
      harness.call("DeleteStack", { StackName: "s", ClientRequestToken: "t" }),
    ).rejects.toMatchObject({ code: "TokenAlreadyExistsException" });
    await expect(
      harness.call("CreateStack", { ...input, ClientRequestToken: "u" }),
    ).rejects.toMatchObject({ code: "AlreadyExistsException" });
  });

  test.each([
    ["http://127.0.0.1:4000/bucket/a/b.json", "bucket", "a/b.json"],
    ["https://s3.eu-west-1.amazonaws.com/bucket/k%20y", "bucket", "k y"],
    ["https://s3.amazonaws.com/bucket/k", "bucket", "k"],
    ["https://bucket.s3.eu-west-1.amazonaws.com/a/b", "bucket", "a/b"],
    ["https://my.bucket.s3.amazonaws.com/a", "my.bucket", "a"],
  ])("template URL %s", (url, bucket, key) => {
    expect(objectPlace(url)).toEqual({ bucket, key });
  });

  test.each(["no-url", "https://bucket.s3.amazonaws.com/%B2", "https://s3.amazonaws.com/b/%"])(
    "template URL %s is refused",
    (url) => {
      expect(() => objectPlace(url)).toThrow("TemplateURL must be a supported URL.");
    },
  );
});
