import type { Stack } from "aws-cdk-lib/core";
import { Aws, CfnRole } from "../cdk.ts";
import type { PolicyStatement } from "../settings.ts";

interface SchedulerRoleRequest {
  readonly id: string;
  readonly description: string;
  readonly policyName: string;
  readonly statements: readonly PolicyStatement[];
}

/** A role that EventBridge Scheduler takes for schedules of this account, and what these may do. */
export function createSchedulerRole(
  stack: Stack,
  { id, description, policyName, statements }: SchedulerRoleRequest,
) {
  return new CfnRole(stack, id, {
    description,
    assumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "scheduler.amazonaws.com" },
          Condition: onlyOwnSchedules(),
        },
      ],
    },
    policies: [{ policyName, policyDocument: { Version: "2012-10-17", Statement: statements } }],
  });
}

/** The schedule's group, since a schedule's own ARN is not taken (EventBridge Scheduler user guide, cross-service-confused-deputy-prevention). */
function onlyOwnSchedules() {
  const group = `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule-group/default`;
  return {
    StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": group },
  };
}
