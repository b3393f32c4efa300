import { expect, test } from "vitest";

import { watchEvidence } from "../../src/deploy/explain/watch-evidence.ts";
import { stackFailure } from "../../src/deploy/stack-failure.ts";
import { fakeAccount, fakeContext, stackEvent, stackState } from "./fake-aws.ts";

test("of a deletion that stopped half way the same is said as by the deletion itself", async () => {
  const stack = stackState({ status: "DELETE_FAILED" });
  const account = fakeAccount({
    stack,
    deployedTemplate: JSON.stringify({ Resources: { Gateway: { Type: "AWS::EC2::NatGateway" } } }),
    events: [
      stackEvent({ logicalId: "Gateway", status: "DELETE_FAILED", statusReason: "Not today" }),
    ],
    resources: [
      {
        logicalId: "Gateway",
        physicalId: "nat-1",
        type: "AWS::EC2::NatGateway",
        status: "DELETE_FAILED",
        statusReason: "Not today",
      },
    ],
  });
  const context = fakeContext(account);
  const evidence = watchEvidence(stack.stackName, context);
  const failure = await stackFailure(stack, evidence, context);
  expect(failure).toMatchObject({
    code: "LMI_DELETE_FAILED",
    exitCode: 3,
    message: "Stack lmi-hello could not be deleted completely: DELETE_FAILED.",
    next: "lmi destroy   (goes on from here)",
  });
  expect(failure.why).toMatch(/^Left, and costing ≈ \$1\.08 a day:\n.*nat-1 {2}Not today/);
});
