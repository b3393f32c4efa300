import { expect, test } from "vitest";
import { createHarness, describe, template } from "./harness.ts";

// Observed: localstack/localstack test_change_set_exports_imports.snapshot.json.
test("a change set says which exports are missing, and its execution fails", async () => {
  const harness = createHarness();
  const names = { StackName: "s", ChangeSetName: "c" };
  await harness.call("CreateChangeSet", {
    ...names,
    ChangeSetType: "CREATE",
    TemplateBody: template({ A: { Properties: { Value: { "Fn::ImportValue": "none" } } } }),
  });
  expect(await harness.call("DescribeChangeSet", names)).toMatchObject({
    Status: "CREATE_COMPLETE",
    StatusReason:
      "[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed for resource [A] because: No export named none found.",
  });
  await harness.call("ExecuteChangeSet", names);
  await harness.service.idle();
  expect((await describe(harness)).StackStatus).toBe("ROLLBACK_COMPLETE");
});
