import { Aws, CfnRole } from "../cdk.ts";
import { allow } from "../policy-statement.ts";
import { scheduler } from "./cdk-events.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { retryPolicy } from "./rule.ts";
import type { ScheduleEvent } from "./schedule-schema.ts";

/**
 * A schedule, and a role that may invoke this one function. Scheduler invokes asynchronously; without a qualifier that
 * is the function's `$LATEST.PUBLISHED` (Lambda developer guide, lambda-managed-instances-version-publishing).
 */
export function createScheduleEvent(parts: EventParts<ScheduleEvent>): CreatedEvent {
  createSchedule(parts);
  return { statements: [] };
}

function createSchedule(parts: EventParts<ScheduleEvent>) {
  const { stack, id, event, target } = parts;
  const role = createRole(parts);
  const { CfnSchedule } = scheduler();
  return new CfnSchedule(stack, `${id}Schedule`, {
    scheduleExpression: event.expression,
    scheduleExpressionTimezone: event.timezone,
    state: event.enabled ? "ENABLED" : "DISABLED",
    flexibleTimeWindow:
      event.flexibleWindow === undefined
        ? { mode: "OFF" }
        : { mode: "FLEXIBLE", maximumWindowInMinutes: event.flexibleWindow },
    target: {
      arn: target.attrArn,
      roleArn: role.attrArn,
      ...(event.input === undefined ? {} : { input: JSON.stringify(event.input) }),
      ...retryPolicy(event),
    },
  });
}

function createRole({ stack, id, event, target }: EventParts<ScheduleEvent>) {
  const { deadLetterArn } = event;
  return new CfnRole(stack, `${id}Role`, {
    description: `Lets a schedule invoke a function of ${stack.stackName}`,
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
    policies: [
      {
        policyName: "Invoke",
        policyDocument: {
          Version: "2012-10-17",
          Statement: [
            allow("lambda:InvokeFunction", target.attrArn),
            ...(deadLetterArn === undefined ? [] : [allow("sqs:SendMessage", deadLetterArn)]),
          ],
        },
      },
    ],
  });
}

/** The schedule's group, since a schedule's own ARN is not taken (EventBridge Scheduler user guide, cross-service-confused-deputy-prevention). */
function onlyOwnSchedules() {
  const group = `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule-group/default`;
  return {
    StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": group },
  };
}
