import { describe, expect, test } from "vitest";
import { deploymentFailed } from "../../src/deploy/failure.ts";
import { leftThings } from "../../src/deploy/left-behind.ts";
import { tablePrices } from "../../src/synth/cost/prices.ts";
import { firstFailure, troubleIn } from "../../src/deploy/stack-trouble.ts";
import { fakeAccount, fakeAws, stackEvent, stackState } from "./fake-aws.ts";

const { target } = fakeAws(fakeAccount());

const newestFirst = [
  stackEvent({ logicalId: "lmi-hello", status: "UPDATE_ROLLBACK_COMPLETE" }),
  stackEvent({
    logicalId: "lmi-hello",
    status: "UPDATE_ROLLBACK_IN_PROGRESS",
    statusReason: "The following resource(s) failed",
  }),
  stackEvent({
    logicalId: "Logs",
    status: "UPDATE_FAILED",
    statusReason: "Resource update cancelled",
  }),
  stackEvent({ logicalId: "Other", status: "UPDATE_FAILED", statusReason: "a later failure" }),
  stackEvent({
    logicalId: "Function",
    status: "UPDATE_FAILED",
    statusReason: "CapacityProviderScalingLimitExceeded: 12 of 12",
  }),
  stackEvent({
    logicalId: "lmi-hello",
    status: "UPDATE_IN_PROGRESS",
    statusReason: "User Initiated",
  }),
  stackEvent({
    logicalId: "Vpc",
    status: "CREATE_FAILED",
    statusReason: "of an earlier deployment",
  }),
  stackEvent({
    logicalId: "lmi-hello",
    status: "CREATE_IN_PROGRESS",
    statusReason: "User Initiated",
  }),
];

describe("a failed deployment", () => {
  test.each([
    [
      "VcpuLimitExceeded",
      "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value 64 --region eu-west-1 --profile work",
    ],
    [
      "DrainingDurableExecutions",
      "aws lambda list-durable-executions-by-function --function-name hello --statuses RUNNING --region eu-west-1 --profile work",
    ],
  ])("for %s advises a command for the account that it was in", (reason, command) => {
    const error = deploymentFailed({
      target: { ...target, profile: "work" },
      stack: stackState({ status: "UPDATE_ROLLBACK_COMPLETE" }),
      event: stackEvent({
        logicalId: "Function",
        physicalId: "hello",
        status: "UPDATE_FAILED",
        statusReason: reason,
      }),
      left: [],
    });
    expect(error.next?.split("\n")).toContain(command);
  });

  test("is explained by the first failure of this operation", () => {
    expect(firstFailure(newestFirst)?.logicalId).toBe("Function");
  });

  test("says which resource, why, and that the last good version goes on answering", () => {
    const error = deploymentFailed({
      target,
      stack: stackState({ status: "UPDATE_ROLLBACK_COMPLETE" }),
      event: firstFailure(newestFirst),
      left: [],
    });
    expect(error).toMatchObject({ code: "LMI_CAPACITY_LIMIT", exitCode: 1 });
    expect(error.message).toContain(
      "Function (AWS::Lambda::Function) could not be updated: its capacity provider may not start",
    );
    expect(error.why).toContain(
      "00:00:00  CloudFormation  Function UPDATE_FAILED: CapacityProviderScalingLimitExceeded: 12 of 12",
    );
    expect(error.why).toContain("the last good version goes on answering");
    expect(error.next).toContain("--max-vcpu");
  });

  test("names what failed beside it, and nothing that was cancelled or failed while it was undone", () => {
    const stack = stackState({ status: "UPDATE_ROLLBACK_COMPLETE" });
    const undone = stackEvent({ logicalId: "Undone", status: "UPDATE_FAILED" });
    const { cause: event, others } = troubleIn(stack, [undone, ...newestFirst]);
    expect(others.map(({ logicalId }) => logicalId)).toEqual(["Other"]);
    const many = Array.from({ length: 5 }, (_, index) => ({ ...undone, logicalId: `F${index}` }));
    const failed = { target, stack, event, left: [] };
    expect(deploymentFailed({ ...failed, others }).why).toMatch(
      /Function UPDATE_FAILED: CapacityProvider.*\n.*Other UPDATE_FAILED: a later failure\n/,
    );
    expect(deploymentFailed({ ...failed, others: many }).why).toMatch(
      /F2 UPDATE_FAILED: .*\n.*CloudFormation {2}F3, F4 failed, too\n/,
    );
  });

  test.each([
    [
      "ROLLBACK_COMPLETE",
      "Mend the code, then: lmi deploy   (what it wrote went with its log group)",
    ],
    ["UPDATE_ROLLBACK_COMPLETE", "lmi logs hello --since 15m   (shows what it wrote)"],
  ])("after %s advises only what is possible", (status, next) => {
    const event = stackEvent({
      logicalId: "Function",
      physicalId: "hello",
      status: "CREATE_FAILED",
      statusReason: "RuntimeInitError: boom",
    });
    const failed = { target, stack: stackState({ status }), event, left: [] };
    expect(deploymentFailed(failed)).toMatchObject({ code: "LMI_INIT_FAILED", next });
  });

  test("lists what is left, with exit code 3, when the rollback failed too", () => {
    const left = {
      logicalId: "Vpc",
      physicalId: "vpc-1",
      type: "AWS::EC2::VPC",
      status: "DELETE_FAILED",
      statusReason: "has dependencies",
    };
    const gateway = { logicalId: "Nat", physicalId: "nat-1", type: "AWS::EC2::NatGateway" };
    const error = deploymentFailed({
      target,
      stack: stackState({ status: "ROLLBACK_FAILED" }),
      event: undefined,
      left: leftThings({ resources: [left, { ...left, ...gateway }] }, tablePrices),
    });
    expect(error.exitCode).toBe(3);
    expect(error.why).toContain("Left, and costing ≈ $1.08 a day:\n  VPC          vpc-1  has dep");
    expect(error.why).toContain("  NAT gateway  nat-1  has dependencies, ≈ $1.08 a day");
    expect(error.details).toMatchObject({
      left: [{ physicalId: "vpc-1" }, { physicalId: "nat-1", perDay: expect.any(Number) }],
      perDay: expect.any(Number),
    });
  });

  test("whose update could not be undone names a command for the target that it was made on", () => {
    const error = deploymentFailed({
      target: { ...target, endpoint: "http://127.0.0.1:4000", local: true },
      stack: stackState({ status: "UPDATE_ROLLBACK_FAILED" }),
      event: undefined,
      left: [],
    });
    expect(error.next).toBe(
      "aws cloudformation continue-update-rollback --stack-name lmi-hello --endpoint-url http://127.0.0.1:4000 --region eu-west-1 && lmi deploy --local",
    );
  });
});
