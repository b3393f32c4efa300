import type { Stack } from "aws-cdk-lib/core";
import { Aws, CfnOutput, CfnParameter, CfnResource, DefaultStackSynthesizer, Fn } from "./cdk.ts";
import { scheduler } from "./events/cdk-events.ts";
import { createSchedulerRole } from "./events/scheduler-role.ts";
import { allow } from "./policy-statement.ts";
import { expiryName, expiryResources } from "./ttl.ts";

/**
 * A deletion that fails leaves things that cost money, and Scheduler calls once for each of its times: it is asked for
 * again until the schedule itself is gone. Of a stack that is being deleted, DeleteStack does nothing.
 */
const again = "rate(30 minutes)";

/**
 * A schedule that deletes the stack, itself included, from the time on that the parameter says: each deployment of lmi
 * says another one. All that the stack has by now depends on it, so that CloudFormation deletes it last. CloudFormation deletes with the role of the CDK's bootstrap, which is not the stack's: the schedule's own
 * role goes half way.
 */
export function createExpiry(stack: Stack) {
  const [roleId, scheduleId] = expiryResources;
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
    id: roleId,
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
  const before = stack.node.findAll().filter((each) => CfnResource.isCfnResource(each));
  const schedule = new CfnSchedule(stack, scheduleId, {
    description: `Deletes ${stack.stackName}`,
    // A rate first comes at its start date (EventBridge Scheduler user guide, schedule-types).
    scheduleExpression: again,
    scheduleExpressionTimezone: "UTC",
    startDate: `${time.valueAsString}.000Z`,
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      // EventBridge Scheduler user guide, managing-targets-universal: actions in camelCase.
      arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:cloudformation:deleteStack`,
      roleArn: role.attrArn,
      input: stack.toJsonString({ StackName: Aws.STACK_ID, RoleARN: deletionRole }),
      // Tried late, it would delete a stack that a deploy has renewed meanwhile; the next time comes anyway.
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 300 },
    },
  });
  for (const resource of before) if (resource !== role) resource.addResourceDependency(schedule);
  return schedule;
}
