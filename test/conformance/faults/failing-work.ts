import type { FaultRule } from "../../../src/local/faults/fault.ts";

/** Failures of the work itself, and waits that are given up: not requests, so not cells of the matrix. */
export interface FailingWork {
  readonly what: string;
  readonly rule: FaultRule;
  readonly code: number;
  readonly says: RegExp;
  /** More of the command line. */
  readonly args?: readonly string[];
}

export const failingCreations: readonly FailingWork[] = [
  {
    what: "a function that cannot be made",
    rule: {
      fault: "failed-resource",
      resourceType: "AWS::Lambda::Function",
      action: "create",
      reason: "No functions today",
    },
    code: 1,
    says: /No functions today[\s\S]*rolled back[\s\S]*LMI_DEPLOY_FAILED/,
  },
  {
    what: "a network that fails when it is made",
    rule: {
      fault: "failed-resource",
      resourceType: "AWS::EC2::VPC",
      action: "create",
      when: "after",
    },
    code: 1,
    says: /AWS::EC2::VPC\) could not be created[\s\S]*LMI_DEPLOY_FAILED/,
  },
  {
    what: "no instances to be had",
    rule: { fault: "insufficient-capacity" },
    code: 1,
    says: /do not have sufficient[\s\S]*LMI_INSUFFICIENT_CAPACITY/,
  },
  {
    what: "instances that do not come up",
    rule: { fault: "failed-launch", reason: "It burnt down" },
    code: 1,
    says: /It burnt down/,
  },
  {
    what: "a creation and its rollback",
    rule: {
      fault: "failed-resource",
      resourceType: "AWS::Lambda::CapacityProvider",
      when: "after",
    },
    code: 3,
    says: /could not undo everything[\s\S]*LMI_DEPLOY_FAILED/,
  },
  {
    what: "a bootstrap whose bucket cannot be made",
    rule: { fault: "failed-resource", resourceType: "AWS::S3::Bucket", reason: "No buckets today" },
    code: 1,
    says: /No buckets today[\s\S]*LMI_DEPLOY_FAILED/,
  },
];

export const failingUpdates: readonly FailingWork[] = [
  {
    what: "that fails leaves the last good version answering",
    rule: {
      fault: "failed-resource",
      resourceType: "AWS::Lambda::Function",
      action: "update",
      times: 1,
    },
    code: 1,
    says: /last good version[\s\S]*LMI_DEPLOY_FAILED/,
  },
  {
    // aws/aws-cdk-cli issue 1777
    what: "whose events are throttled for ever is good: the stack's own status decides",
    rule: { fault: "throttle", service: "cloudformation", operation: "DescribeStackEvents" },
    code: 0,
    says: /Ready in/,
  },
  {
    what: "that takes longer than one wants to wait goes on",
    rule: {
      fault: "slow",
      delayMs: 900_000,
      service: "cloudformation",
      operation: "ExecuteChangeSet",
    },
    code: 124,
    says: /Not done within 3 minutes[\s\S]*LMI_TIMED_OUT/,
    args: ["--max-wait", "3"],
  },
];
