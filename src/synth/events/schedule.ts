import { allow } from "../policy-statement.ts";
import { scheduler } from "./cdk-events.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { retryPolicy } from "./rule.ts";
import type { ScheduleEvent } from "./schedule-schema.ts";
import { createSchedulerRole } from "./scheduler-role.ts";

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
  return createSchedulerRole(stack, {
    id: `${id}Role`,
    description: `Lets a schedule invoke a function of ${stack.stackName}`,
    policyName: "Invoke",
    statements: [
      allow("lambda:InvokeFunction", target.attrArn),
      ...(deadLetterArn === undefined ? [] : [allow("sqs:SendMessage", deadLetterArn)]),
    ],
  });
}
