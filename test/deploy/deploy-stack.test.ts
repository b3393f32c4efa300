import { describe, expect, test } from "vitest";
import { deployStack } from "../../src/deploy/deploy-stack.ts";
import { fakeAccount, fakeContext, stackEvent, stackState } from "./fake-aws.ts";

const before = stackState({ updatedAt: new Date(1) });
const request = {
  assemblyDirectory: "/nowhere",
  stackName: "lmi-hello",
  tags: {},
  before,
  changeSetName: "lmi-me",
};
const throttled = async () => {
  throw new Error("Rate exceeded");
};

describe("another deployment that was first", () => {
  const theirs = "arn:aws:cloudformation:eu-west-1:1:changeSet/lmi-ann-0123abcd/1";
  const start = {
    ...stackEvent({ logicalId: "lmi-hello", status: "UPDATE_IN_PROGRESS", time: new Date(2) }),
    token: "exec-1",
  };

  test.each(["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"])(
    "is not taken for this one, being %s",
    async (status) => {
      const stack = stackState({ status, updatedAt: new Date(2), changeSetId: theirs });
      const context = fakeContext(fakeAccount({ stack, events: [start] }));
      await expect(deployStack(request, context, throttled)).rejects.toMatchObject({
        code: "LMI_STACK_BUSY",
        message: expect.stringMatching(/by lmi \(ann\), began at 00:00:00 UTC/),
        details: { overtaken: true },
      });
      expect(context.slept).toEqual([]);
    },
  );

  test("is told from this one by the change set", async () => {
    const changeSetId = theirs.replace("lmi-ann-0123abcd", "lmi-me");
    const stack = stackState({ status: "UPDATE_COMPLETE", updatedAt: new Date(2), changeSetId });
    const context = fakeContext(fakeAccount({ stack }));
    await expect(deployStack(request, context, throttled)).resolves.toMatchObject({ stack });
  });
});

describe("the stack's own status decides", () => {
  test("a throttled last poll does not fail a good deployment", async () => {
    const account = fakeAccount({
      stack: stackState({ status: "UPDATE_COMPLETE", updatedAt: new Date(2) }),
    });
    await expect(deployStack(request, fakeContext(account), throttled)).resolves.toMatchObject({
      stack: { status: "UPDATE_COMPLETE" },
    });
  });

  test("a lost connection is taken up again until CloudFormation is done", async () => {
    const account = fakeAccount({
      stack: stackState({ status: "UPDATE_IN_PROGRESS", updatedAt: new Date(2) }),
    });
    const context = fakeContext(account, () => {
      account.stack = stackState({ status: "UPDATE_COMPLETE", updatedAt: new Date(2) });
      account.events = [stackEvent({ logicalId: "Function", status: "UPDATE_COMPLETE" })];
    });
    await expect(deployStack(request, context, throttled)).resolves.toMatchObject({
      stack: { status: "UPDATE_COMPLETE" },
    });
    expect(context.told).toMatchObject([{ logicalId: "Function" }]);
  });

  test("a stack that looks good because nothing was executed is still a failure", async () => {
    const account = fakeAccount({ stack: before });
    await expect(deployStack(request, fakeContext(account), throttled)).rejects.toMatchObject({
      code: "LMI_DEPLOY_FAILED",
      message: "The deployment failed: Rate exceeded",
    });
  });

  test("an empty change set on a stack that was rolled back earlier is a success that changed nothing", async () => {
    const rolledBack = stackState({ status: "UPDATE_ROLLBACK_COMPLETE", updatedAt: new Date(1) });
    const context = fakeContext(fakeAccount({ stack: rolledBack }));
    const deployment = deployStack({ ...request, before: rolledBack }, context, async () => []);
    await expect(deployment).resolves.toMatchObject({ stack: rolledBack, changed: false });
  });

  test("a rolled back update is told with its first cause", async () => {
    const events = [
      stackEvent({ logicalId: "lmi-hello", status: "UPDATE_ROLLBACK_COMPLETE" }),
      stackEvent({
        logicalId: "Function",
        status: "UPDATE_FAILED",
        statusReason: "InsufficientCapacity in eu-west-1a",
      }),
      stackEvent({ logicalId: "lmi-hello", status: "UPDATE_IN_PROGRESS" }),
    ];
    const stack = stackState({ status: "UPDATE_ROLLBACK_COMPLETE", updatedAt: new Date(2) });
    const deployment = deployStack(request, fakeContext(fakeAccount({ stack, events })), throttled);
    await expect(deployment).rejects.toMatchObject({
      code: "LMI_INSUFFICIENT_CAPACITY",
      exitCode: 1,
    });
  });

  test("a first creation that could not be undone lists what is left", async () => {
    const left = {
      logicalId: "Vpc",
      physicalId: "vpc-1",
      type: "AWS::EC2::VPC",
      status: "DELETE_FAILED",
      statusReason: "in use",
    };
    const account = fakeAccount({
      stack: stackState({ status: "ROLLBACK_FAILED" }),
      resources: [left],
    });
    const deployment = deployStack(
      { ...request, before: undefined },
      fakeContext(account),
      throttled,
    );
    await expect(deployment).rejects.toMatchObject({
      exitCode: 3,
      why: expect.stringContaining("vpc-1"),
    });
  });

  test("an abort wins over everything, without waiting for the library", async () => {
    const stop = new AbortController();
    const account = fakeAccount({ stack: before });
    const context = fakeContext(account, undefined, stop.signal);
    const endless = () =>
      new Promise<never>(() => setImmediate(() => stop.abort(new Error("stopped"))));
    await expect(deployStack(request, context, endless)).rejects.toThrow("stopped");
  });
});
