import type { Stack } from "aws-cdk-lib/core";
import { Aws, CfnOutput, CfnParameter, DefaultStackSynthesizer, Fn } from "./cdk.ts";
import { scheduler } from "./events/cdk-events.ts";
import { createSchedulerRole } from "./events/scheduler-role.ts";
import { allow } from "./policy-statement.ts";
import { expiryName } from "./ttl.ts";

/**
 * A schedule that deletes the stack, itself included, at the time that the parameter says: each deployment of lmi says
 * another one. CloudFormation deletes with the role of the CDK's bootstrap, which is not the stack's: the schedule's own
 * role goes half way.
 */
export function createExpiry(stack: Stack) {
  const time = new CfnParameter(stack, expiryName, {
    type: "String",
    description: "When CloudFormation deletes this stack, UTC. lmi deploy says it anew each time.",
    allowedPattern: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`,
    // Deployed by other tools, it stays.
    default: "2099-12-31T23:59:59",
  });
  const deletionRole = Fn.sub(
    DefaultStackSynthesizer.DEFAULT_CLOUDFORMATION_ROLE_ARN.replace(
      "${Qualifier}",
      DefaultStackSynthesizer.DEFAULT_QUALIFIER,
    ),
  );
  const role = createSchedulerRole(stack, {
    id: "ExpiryRole",
    description: `Lets a schedule delete ${stack.stackName}`,
    policyName: "Delete",
    statements: [
      allow("cloudformation:DeleteStack", Aws.STACK_ID),
      {
        ...allow("iam:PassRole", deletionRole),
        Condition: { StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" } },
      },
    ],
  });
  const { CfnSchedule } = scheduler();
  const output = new CfnOutput(stack, `${expiryName}Output`, {
    description: "When CloudFormation deletes this stack, UTC",
    value: time.valueAsString,
  });
  output.overrideLogicalId(expiryName);
  return new CfnSchedule(stack, "ExpirySchedule", {
    description: `Deletes ${stack.stackName}`,
    scheduleExpression: `at(${time.valueAsString})`,
    scheduleExpressionTimezone: "UTC",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      // EventBridge Scheduler user guide, managing-targets-universal: actions in camelCase.
      arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:cloudformation:deleteStack`,
      roleArn: role.attrArn,
      input: stack.toJsonString({ StackName: Aws.STACK_ID, RoleARN: deletionRole }),
    },
  });
}
