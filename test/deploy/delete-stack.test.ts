import { describe, expect, test } from "vitest";
import { deleteStack } from "../../src/deploy/delete-stack.ts";
import { groundOf } from "../../src/deploy/ground.ts";
import { waitUntilNothingRuns } from "../../src/deploy/nothing-left.ts";
import { inBrief } from "../../src/deploy/remains.ts";
import { fakeAccount, fakeContext, providerState, stackEvent, stackState } from "./fake-aws.ts";

describe("deleting a stack", () => {
  test("tells what happens once, and ends when the stack is gone", async () => {
    const before = stackEvent({ logicalId: "lmi-hello", status: "CREATE_COMPLETE" });
    const account = fakeAccount({ stack: stackState(), events: [before] });
    account.onDelete = () => {
      account.stack = stackState({ status: "DELETE_IN_PROGRESS" });
      account.events = [
        stackEvent({ logicalId: "Function", status: "DELETE_IN_PROGRESS" }),
        before,
      ];
    };
    const context = fakeContext(account, (sleeps) => {
      if (sleeps < 3) return;
      account.stack = stackState({ status: "DELETE_COMPLETE" });
      account.events = [
        stackEvent({ logicalId: "Function", status: "DELETE_COMPLETE" }),
        ...account.events,
      ];
    });
    await deleteStack(stackState(), context);
    expect(context.told.map((event) => event.type === "resource" && event.status)).toEqual([
      "DELETE_IN_PROGRESS",
      "DELETE_COMPLETE",
    ]);
  });

  test("joins a deletion that is under way", async () => {
    const stack = stackState({ status: "DELETE_IN_PROGRESS" });
    const began = { logicalId: "lmi-hello", type: "AWS::CloudFormation::Stack" };
    const account = fakeAccount({
      stack,
      events: [
        stackEvent({ logicalId: "Gateway", status: "DELETE_IN_PROGRESS" }),
        stackEvent({ logicalId: "Function", status: "DELETE_COMPLETE" }),
        stackEvent({ logicalId: "Function", status: "DELETE_IN_PROGRESS" }),
        stackEvent({ ...began, status: "DELETE_IN_PROGRESS" }),
        stackEvent({ logicalId: "Role", status: "UPDATE_IN_PROGRESS" }),
      ],
    });
    const context = fakeContext(account, () => void (account.stack = undefined));
    await deleteStack(stack, context);
    expect(account.deletions).toBe(0);
    // What is being deleted since before it came, and nothing that has ended.
    expect(context.told).toMatchObject([{ logicalId: "Gateway", status: "DELETE_IN_PROGRESS" }]);
  });

  test("refuses a protected stack before anything happens", async () => {
    const account = fakeAccount({ stack: stackState({ terminationProtection: true }) });
    const deletion = deleteStack(stackState({ terminationProtection: true }), fakeContext(account));
    await expect(deletion).rejects.toMatchObject({
      code: "LMI_STACK_PROTECTED",
      exitCode: 2,
      next: "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name lmi-hello --region eu-west-1 && lmi destroy",
    });
    expect(account.deletions).toBe(0);
  });

  test("lists what is left with exit code 3", async () => {
    const account = fakeAccount({ stack: stackState() });
    account.onDelete = () => {
      account.stack = stackState({ status: "DELETE_FAILED" });
      account.resources = [
        {
          logicalId: "Function",
          physicalId: "hello",
          type: "AWS::Lambda::Function",
          status: "DELETE_COMPLETE",
          statusReason: undefined,
        },
        {
          logicalId: "Vpc",
          physicalId: "vpc-1",
          type: "AWS::EC2::VPC",
          status: "DELETE_FAILED",
          statusReason: "still in use",
        },
      ];
    };
    const deletion = deleteStack(stackState(), fakeContext(account));
    await expect(deletion).rejects.toMatchObject({
      code: "LMI_DELETE_FAILED",
      exitCode: 3,
      why: expect.stringContaining("VPC  vpc-1  still in use"),
      details: { left: [{ logicalId: "Vpc" }] },
    });
  });

  test("a bucket that is not empty must be emptied first, by whoever says so", async () => {
    const account = fakeAccount({ stack: stackState() });
    account.onDelete = () => {
      account.stack = stackState({ status: "DELETE_FAILED" });
      account.resources = [
        {
          logicalId: "Bucket",
          physicalId: "uploads",
          type: "AWS::S3::Bucket",
          status: "DELETE_FAILED",
          statusReason: "The bucket you tried to delete is not empty (Service: S3)",
        },
      ];
    };
    await expect(deleteStack(stackState(), fakeContext(account))).rejects.toMatchObject({
      next: "aws s3 rm s3://uploads --recursive --region eu-west-1 && lmi destroy   (goes on from here)",
    });
  });
});

const failed = (reason: string) => [
  {
    logicalId: "Provider",
    physicalId: "p",
    type: "AWS::Lambda::CapacityProvider",
    status: "DELETE_FAILED",
    statusReason: reason,
  },
];

function stubborn(reason: string, attempts: number) {
  const account = fakeAccount({ stack: stackState() });
  account.onDelete = () => {
    account.resources = failed(reason);
    account.stack =
      account.deletions > attempts ? undefined : stackState({ status: "DELETE_FAILED" });
  };
  return account;
}

describe("deleting what is still in use", () => {
  test("is tried again after growing pauses, and each is said", async () => {
    const account = stubborn("The capacity provider is currently in use by 1 functions", 2);
    const context = fakeContext(account);
    await deleteStack(stackState(), context);
    expect(account.deletions).toBe(3);
    expect(context.slept).toEqual([15_000, 30_000]);
    expect(context.told.filter(({ type }) => type === "pause")).toHaveLength(2);
  });

  test("ends with 3 when it stays in use", async () => {
    const account = stubborn("subnet has dependencies and cannot be deleted", 99);
    await expect(deleteStack(stackState(), fakeContext(account))).rejects.toMatchObject({
      exitCode: 3,
    });
    expect(account.deletions).toBe(6);
  });

  test("is not tried again for another reason", async () => {
    const account = stubborn("You are not authorized to perform this operation", 99);
    await expect(deleteStack(stackState(), fakeContext(account))).rejects.toMatchObject({
      code: "LMI_DELETE_FAILED",
    });
    expect(account.deletions).toBe(1);
  });

  test("a refusal because somebody updates the stack just now is LMI_STACK_BUSY", async () => {
    const account = fakeAccount({ stack: stackState() });
    account.onDelete = () => {
      account.stack = stackState({ status: "UPDATE_IN_PROGRESS" });
      throw new Error("cannot be deleted while in status UPDATE_IN_PROGRESS");
    };
    await expect(deleteStack(stackState(), fakeContext(account))).rejects.toMatchObject({
      code: "LMI_STACK_BUSY",
    });
  });
});

test("nothing runs when the provider is gone and its last instance terminated", async () => {
  const instance = {
    instanceId: "i-1",
    instanceType: "m7i.large",
    availabilityZone: "a",
    state: "shutting-down",
    launchTime: undefined,
  };
  const account = fakeAccount({ provider: providerState("Deleting"), instances: [instance] });
  const context = fakeContext(account, (sleeps) => {
    if (sleeps === 2) account.provider = undefined;
    if (sleeps === 4) account.instances = [];
  });
  const seen: string[] = [];
  await waitUntilNothingRuns({
    ground: groundOf("arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1", [], {
      providers: ["arn"],
    }),
    context,
    onLook: (remains) => seen.push(inBrief(remains)),
  });
  expect(context.slept).toHaveLength(4);
  expect(seen).toContain("i-1 shutting-down");
});
