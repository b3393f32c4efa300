import { describe as suite, expect, test } from "vitest";
import { create, createHarness, describe, template, thing } from "./harness.ts";
import type { Harness } from "./harness.ts";

interface Change {
  readonly ResourceChange: {
    readonly Action: string;
    readonly LogicalResourceId: string;
    readonly Replacement?: string;
    readonly PolicyAction?: string;
    readonly Scope: readonly string[];
    readonly Details: readonly {
      readonly Target: Record<string, unknown>;
      readonly Evaluation: string;
      readonly ChangeSource: string;
      readonly CausingEntity?: string;
    }[];
    readonly AfterContext?: string;
  };
}
interface ChangeSet {
  readonly ChangeSetId: string;
  readonly Status: string;
  readonly StatusReason?: string;
  readonly ExecutionStatus: string;
  readonly Changes: readonly Change[];
}

async function changeSet(
  harness: Harness,
  TemplateBody: string,
  more: object = {},
): Promise<ChangeSet> {
  await harness.call("CreateChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    TemplateBody,
    ...more,
  });
  return harness.call<ChangeSet>("DescribeChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    IncludePropertyValues: true,
  });
}

const summary = ({ Changes }: ChangeSet) =>
  Changes.map(({ ResourceChange: change }) =>
    [change.Action, change.LogicalResourceId, change.Replacement, change.PolicyAction]
      .filter(Boolean)
      .join(" "),
  );

/** A, and who uses its attributes directly and over others; D uses its name only. */
const chain = (value: number) =>
  template({
    A: { Properties: { Value: value } },
    B: { Properties: { Value: { "Fn::GetAtt": "A.Arn" } } },
    C: { Properties: { Fixed: { "Fn::Sub": "x-${B.Arn}" } } },
    D: { Properties: { Value: { Ref: "A" } } },
  });

suite("a change set", () => {
  test("creates a stack: in review first, then executed", async () => {
    const harness = createHarness();
    const set = await changeSet(
      harness,
      template({ A: {}, B: { Properties: { Value: { Ref: "A" } } } }),
      { ChangeSetType: "CREATE" },
    );
    expect(set).toMatchObject({ Status: "CREATE_COMPLETE", ExecutionStatus: "AVAILABLE" });
    expect(summary(set)).toEqual(["Add A True", "Add B True"]);
    expect(set.Changes[1]?.ResourceChange.AfterContext).toBe(
      '{"Properties":{"Value":"{{changeSet:KNOWN_AFTER_APPLY}}"}}',
    );
    expect((await describe(harness)).StackStatus).toBe("REVIEW_IN_PROGRESS");
    expect(harness.calls).toEqual([]);
    await harness.call("ExecuteChangeSet", {
      StackName: "s",
      ChangeSetName: "c",
      ClientRequestToken: "t",
    });
    await harness.call("ExecuteChangeSet", {
      ChangeSetName: set.ChangeSetId,
      ClientRequestToken: "t",
    });
    await harness.service.idle();
    expect((await describe(harness)).StackStatus).toBe("CREATE_COMPLETE");
    expect(harness.calls).toEqual(["create A", "create B"]);
    await expect(
      harness.call("DescribeChangeSet", { StackName: "s", ChangeSetName: "c" }),
    ).rejects.toMatchObject({ code: "ChangeSetNotFound" });
    await expect(
      harness.call("ExecuteChangeSet", { ChangeSetName: set.ChangeSetId }),
    ).rejects.toMatchObject({ code: "InvalidChangeSetStatus" });
  });

  test("tells what changes, why, and what is replaced", async () => {
    const harness = createHarness();
    const parameters = { Parameters: { P: { Type: "String", Default: "one" } } };
    await create(
      harness,
      template(
        {
          Same: {},
          Changed: { Properties: { Value: { Ref: "P" }, Config: { Size: 1, Kind: "x" } } },
          Replaced: { Properties: { Fixed: "a" }, UpdateReplacePolicy: "Retain" },
          Follows: { Properties: { Fixed: { "Fn::GetAtt": "Replaced.Arn" } } },
          Described: { Metadata: { about: "old" } },
          Gone: { DeletionPolicy: "Retain" },
        },
        parameters,
      ),
    );
    const set = await changeSet(
      harness,
      template(
        {
          Same: {},
          Changed: { Properties: { Value: { Ref: "P" }, Config: { Size: 2, Kind: "x" } } },
          Replaced: { Properties: { Fixed: "b" }, UpdateReplacePolicy: "Retain" },
          Follows: { Properties: { Fixed: { "Fn::GetAtt": "Replaced.Arn" } } },
          Described: { Metadata: { about: "new" } },
          New: {},
        },
        parameters,
      ),
      { Parameters: [{ ParameterKey: "P", ParameterValue: "two" }] },
    );
    expect(summary(set)).toEqual([
      "Modify Changed False",
      "Modify Replaced True ReplaceAndRetain",
      "Modify Follows True ReplaceAndDelete",
      "Modify Described False",
      "Add New True",
      "Remove Gone Retain",
    ]);
    const details = Object.fromEntries(
      set.Changes.map(({ ResourceChange: change }) => [change.LogicalResourceId, change.Details]),
    );
    expect(details["Changed"]).toEqual([
      expect.objectContaining({ Evaluation: "Dynamic", ChangeSource: "DirectModification" }),
      {
        Target: {
          Attribute: "Properties",
          Name: "Value",
          RequiresRecreation: "Never",
          Path: "/Properties/Value",
          BeforeValue: "one",
          AfterValue: "two",
          AttributeChangeType: "Modify",
        },
        Evaluation: "Static",
        ChangeSource: "ParameterReference",
        CausingEntity: "P",
      },
      {
        Target: {
          Attribute: "Properties",
          Name: "Config",
          RequiresRecreation: "Never",
          Path: "/Properties/Config/Size",
          BeforeValue: "1",
          AfterValue: "2",
          AttributeChangeType: "Modify",
        },
        Evaluation: "Static",
        ChangeSource: "DirectModification",
        CausingEntity: undefined,
      },
    ]);
    expect(details["Follows"]).toMatchObject([
      { Evaluation: "Dynamic", ChangeSource: "DirectModification" },
      { Evaluation: "Static", ChangeSource: "ResourceAttribute", CausingEntity: "Replaced.Arn" },
    ]);
    expect(set.Changes[3]?.ResourceChange.Scope).toEqual(["Metadata"]);
  });

  // Observed on AWS: localstack/localstack test_change_set_fn_get_attr.snapshot.json,
  // test_direct_attribute_value_change_in_get_attr_chain.
  test("lists users of attributes of what is changed in place, unless values are asked for", async () => {
    const harness = createHarness();
    await create(harness, chain(1));
    const set = await changeSet(harness, chain(2));
    expect(summary(set)).toEqual(["Modify A False"]);
    const plain = await harness.call<ChangeSet>("DescribeChangeSet", {
      StackName: "s",
      ChangeSetName: "c",
    });
    expect(summary(plain)).toEqual(["Modify A False", "Modify B False", "Modify C Conditional"]);
    expect(plain.Changes[1]?.ResourceChange).toMatchObject({
      Scope: ["Properties"],
      Details: [
        {
          Target: { Attribute: "Properties", Name: "Value", RequiresRecreation: "Never" },
          Evaluation: "Dynamic",
          ChangeSource: "ResourceAttribute",
          CausingEntity: "A.Arn",
        },
      ],
    });
    expect(plain.Changes[2]?.ResourceChange.Details).toMatchObject([
      { Target: { RequiresRecreation: "Always" }, CausingEntity: "B.Arn" },
    ]);
    await harness.call("ExecuteChangeSet", { ChangeSetName: set.ChangeSetId });
    await harness.service.idle();
    expect(harness.calls.slice(4)).toEqual(["update A"]);
  });

  test("without changes fails with AWS's words, and can be deleted", async () => {
    const harness = createHarness();
    const body = template({ A: { Properties: { Value: 1 } } }, { Outputs: { O: { Value: "x" } } });
    await create(harness, body);
    const set = await changeSet(harness, body);
    expect(set).toMatchObject({
      Status: "FAILED",
      ExecutionStatus: "UNAVAILABLE",
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await harness.call("DeleteChangeSet", { StackName: "s", ChangeSetName: "c" });
    await harness.call("DeleteChangeSet", { StackName: "s", ChangeSetName: "c" });
    expect(await harness.call("ListChangeSets", { StackName: "s" })).toMatchObject({
      Summaries: [],
    });
    // Outputs alone are a change.
    const outputs = await changeSet(
      harness,
      template({ A: { Properties: { Value: 1 } } }, { Outputs: { O: { Value: "y" } } }),
    );
    expect(outputs).toMatchObject({ Status: "CREATE_COMPLETE", Changes: [] });
  });

  test("stack tags reach the resources", async () => {
    const harness = createHarness();
    const body = template({ A: {} });
    await create(harness, body, { Tags: [{ Key: "k", Value: "1" }] });
    const set = await changeSet(harness, body, { Tags: [{ Key: "k", Value: "2" }] });
    expect(set.Changes[0]?.ResourceChange.Scope).toEqual(["Tags"]);
    await harness.call("ExecuteChangeSet", { ChangeSetName: set.ChangeSetId });
    await harness.service.idle();
    expect([...harness.world.values()][0]?.["tags"]).toContainEqual({ Key: "k", Value: "2" });
  });

  test("refuses wrong properties before anything is made, and says where", async () => {
    const harness = createHarness();
    const set = await changeSet(harness, template({ A: { Properties: { Config: { Sise: 1 } } } }), {
      ChangeSetType: "CREATE",
    });
    expect(set.Status).toBe("FAILED");
    expect(set.StatusReason).toContain("AWS::EarlyValidation::PropertyValidation");
    const { OperationEvents } = await harness.call<{ OperationEvents: Record<string, unknown>[] }>(
      "DescribeEvents",
      { ChangeSetName: set.ChangeSetId },
    );
    expect(OperationEvents.map((event) => [event["EventType"], event["ValidationPath"]])).toEqual([
      ["VALIDATION_ERROR", "/Resources/A/Properties/Config"],
      ["VALIDATION_ERROR", "/Resources/A/Properties/Config"],
    ]);
    expect(OperationEvents[0]?.["ValidationStatusReason"]).toContain(
      "#/Config: required key [Size] not found",
    );
    expect(OperationEvents[1]?.["ValidationStatusReason"]).toContain(
      "extraneous key [Sise] is not permitted",
    );
    await harness.call("DeleteStack", { StackName: "s" });
    await harness.service.idle();
    await expect(describe(harness)).rejects.toThrow("does not exist");
  });

  test("refuses what AWS refuses", async () => {
    const harness = createHarness();
    await create(harness, template({ A: {} }));
    await expect(
      changeSet(harness, template({ A: {} }), { ChangeSetType: "CREATE" }),
    ).rejects.toThrow(
      "Stack [s] already exists and cannot be created again with the changeSet [c].",
    );
    await expect(
      harness.call("CreateChangeSet", {
        StackName: "none",
        ChangeSetName: "c",
        TemplateBody: template({ A: {} }),
      }),
    ).rejects.toThrow("Stack [none] does not exist");
    await expect(
      changeSet(harness, JSON.stringify({ Resources: { A: { Type: "AWS::No::Such" } } })),
    ).rejects.toThrow("Template format error: Unrecognized resource types: [AWS::No::Such]");
    await expect(
      changeSet(harness, JSON.stringify({ Resources: { A: { Type: "Custom::Mine" } } })),
    ).rejects.toThrow("not supported by the local target");
    await changeSet(harness, template({ A: {}, B: {} }), { ClientToken: "1" });
    await expect(changeSet(harness, template({ A: {}, C: {} }))).rejects.toMatchObject({
      code: "AlreadyExistsException",
    });
    expect(
      (await changeSet(harness, template({ A: {}, B: {} }), { ClientToken: "1" })).Status,
    ).toBe("CREATE_COMPLETE");
    expect(thing).toBe("Test::Fake::Thing");
  });
});
