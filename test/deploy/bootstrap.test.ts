import { expect, test } from "vitest";
import { bootstrapEnvironment } from "../../src/deploy/bootstrap.ts";
import type { StackState } from "../../src/aws/ports.ts";
import { fakeAccount, fakeContext, stackEvent, stackState } from "./fake-aws.ts";

const throttled = Object.assign(new Error("Rate exceeded"), { name: "Throttling" });

/** The library loses sight of a stack that then is as given. */
async function losingSight(after: StackState | undefined) {
  const account = fakeAccount({
    events: [
      stackEvent({
        logicalId: "Bucket",
        status: "CREATE_FAILED",
        statusReason: "No buckets today",
      }),
    ],
  });
  return bootstrapEnvironment("123456789012", fakeContext(account), async () => {
    account.stack = after;
    throw throttled;
  });
}

test("a bootstrap is good although its events could not be read: the stack's own status decides", async () => {
  await expect(losingSight(stackState({ status: "CREATE_COMPLETE" }))).resolves.toBe(true);
});

test("a bootstrap that CloudFormation rolled back says why", async () => {
  await expect(losingSight(stackState({ status: "ROLLBACK_COMPLETE" }))).rejects.toMatchObject({
    code: "LMI_DEPLOY_FAILED",
    message: expect.stringContaining("No buckets today"),
  });
});

test("a bootstrap that did not begin is told as what AWS refused", async () => {
  await expect(losingSight(undefined)).rejects.toMatchObject({ code: "LMI_THROTTLED" });
});
