import { expect, test } from "vitest";
import { create, createHarness, template, thing } from "./harness.ts";

const TemplateBody = template({ A: {} });

test.each([
  [{ StackPolicyBody: "{}" }, "Stack policies are not supported by the local target"],
  [{ StackPolicyURL: "https://x" }, "Stack policies are not supported by the local target"],
  [
    { RollbackConfiguration: { RollbackTriggers: [{ Arn: "a", Type: "AWS::CloudWatch::Alarm" }] } },
    "Rollback triggers are not supported by the local target",
  ],
  [
    { OnFailure: "DELETE", DisableRollback: true },
    "You can specify either OnFailure or DisableRollback, but not both.",
  ],
  [
    { ResourceTypes: ["AWS::EC2::*"] },
    `Resource type ${thing} is not allowed by parameter ResourceTypes [AWS::EC2::*]`,
  ],
])("CreateStack with %j is refused", async (input, text) => {
  const harness = createHarness();
  await expect(
    harness.call("CreateStack", { StackName: "s", TemplateBody, ...input }),
  ).rejects.toThrow(text);
  await expect(harness.call("DescribeStacks", { StackName: "s" })).rejects.toThrow(
    "does not exist",
  );
});

test("stack policies are never kept silently", async () => {
  const harness = createHarness();
  await create(harness, TemplateBody, { ResourceTypes: ["Test::Fake::*"] });
  await expect(
    harness.call("SetStackPolicy", { StackName: "s", StackPolicyBody: "{}" }),
  ).rejects.toThrow("Stack policies are not supported by the local target");
  expect(await harness.call("GetStackPolicy", { StackName: "s" })).toEqual({});
  await expect(
    harness.call("UpdateStack", {
      StackName: "s",
      TemplateBody,
      StackPolicyDuringUpdateBody: "{}",
    }),
  ).rejects.toThrow("Stack policies are not supported by the local target");
});

test("the bootstrap of cdk, which imports what exists: where nothing does, it is made", async () => {
  const harness = createHarness();
  await harness.call("CreateChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    ChangeSetType: "CREATE",
    TemplateBody,
    ImportExistingResources: true,
  });
  await harness.call("ExecuteChangeSet", { StackName: "s", ChangeSetName: "c" });
  await harness.service.idle();
  expect(harness.calls.some((call) => call.startsWith("create "))).toBe(true);
});

// Observed: localstack/localstack test_templates.snapshot.json and test_resources.snapshot.json.
test("what there is no answer to", async () => {
  const harness = createHarness();
  await expect(harness.call("GetTemplate")).rejects.toThrow(
    "StackName is required if ChangeSetName is not specified.",
  );
  await harness.call("CreateChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    ChangeSetType: "CREATE",
    TemplateBody,
  });
  await expect(harness.call("GetTemplateSummary", { StackName: "s" })).rejects.toThrow(
    "GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.",
  );
  await expect(
    harness.call("GetTemplate", { StackName: "s", ChangeSetName: "none" }),
  ).rejects.toMatchObject({ code: "ChangeSetNotFound" });
  const failing = createHarness();
  await create(failing, template({ A: { Properties: { Fail: "create" } } }));
  await expect(
    failing.call("DescribeStackResource", { StackName: "s", LogicalResourceId: "A" }),
  ).rejects.toThrow("Resource A does not exist for stack s");
});

test("DescribeStackResources tells 100, ListStackResources all", async () => {
  const harness = createHarness();
  const ids = Array.from({ length: 120 }, (_, index) => `A${index}`);
  await create(harness, template(Object.fromEntries(ids.map((id) => [id, {}]))));
  const { StackResources } = await harness.call<{ StackResources: object[] }>(
    "DescribeStackResources",
    { StackName: "s" },
  );
  expect(StackResources).toHaveLength(100);
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    // One page after the other.
    const answer = await harness.call<{
      StackResourceSummaries: { LogicalResourceId: string }[];
      NextToken?: string;
    }>("ListStackResources", { StackName: "s", NextToken });
    seen.push(...answer.StackResourceSummaries.map(({ LogicalResourceId }) => LogicalResourceId));
    ({ NextToken } = answer);
  } while (NextToken !== undefined);
  expect(seen.toSorted()).toEqual(ids.toSorted());
});
