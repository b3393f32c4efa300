import { expect, test } from "vitest";

import { bringStack } from "../../../../src/cli/commands/dev/bring-stack.ts";
import type { OwnCall } from "../../../../src/cli/commands/dev/own-calls.ts";

/** A stack whose creation failed for that reason. */
function failing(ResourceStatusReason: string) {
  let isThere = false;
  const answers: Readonly<Record<string, () => unknown>> = {
    CreateStack: () => void (isThere = true),
    DescribeStacks: () => ({ Stacks: isThere ? [{ StackStatus: "ROLLBACK_COMPLETE" }] : [] }),
    DescribeStackEvents: () => ({
      StackEvents: [
        {
          LogicalResourceId: "HelloLambda",
          ResourceStatus: "CREATE_FAILED",
          ResourceStatusReason,
        },
      ],
    }),
  };
  const call = (async (_service: string, operation: string) => answers[operation]?.()) as OwnCall;
  return bringStack(
    {
      stackName: "lmi-hello",
      template: { Resources: {} },
      functions: [],
      tags: {},
      accountId: "000000000000",
      region: "us-east-1",
    },
    { call, sleep: async () => undefined },
  );
}

test("code that does not start at first is told as on a later save", async () => {
  const reason =
    "Resource handler returned message: \"Resource of type 'AWS::Lambda::Function' with identifier 'hello' did not stabilize. Version $LATEST.PUBLISHED: FunctionError.RuntimeInitError: Error: not today\" (RequestToken: 914ca1d8, HandlerErrorCode: NotStabilized)";
  await expect(failing(reason)).rejects.toMatchObject({
    code: "LMI_DEV_INIT_FAILED",
    message: "hello does not start with this code.",
    why: "Error: not today",
    details: { functionName: "hello", reasonCode: "FunctionError.RuntimeInitError" },
  });
});

test("what else fails is told in CloudFormation's words", async () => {
  await expect(failing("It is taken.")).rejects.toMatchObject({
    code: "LMI_DEV_STACK_FAILED",
    why: "HelloLambda: It is taken.",
  });
});
