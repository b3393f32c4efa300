import type { Stack } from "aws-cdk-lib/core";
import { Aws } from "./cdk.ts";
import { DEFAULT_MIN_ENVIRONMENTS, MAX_ENVIRONMENTS } from "./environments.ts";
import { scheduler } from "./events/cdk-events.ts";
import { createSchedulerRole } from "./events/scheduler-role.ts";
import type { StackFunction } from "./function.ts";
import { constructId } from "./names.ts";
import { allow } from "./policy-statement.ts";
import type { FunctionSettings, PauseSchedule, Settings } from "./settings.ts";

/**
 * Schedules that scale the functions to zero and back: EventBridge Scheduler calls Lambda itself. The limits hold for
 * later versions, too (Lambda developer guide, lambda-managed-instances-scaling).
 */
export function createPauseSchedules(
  stack: Stack,
  settings: Pick<Settings, "functions" | "schedule">,
  functions: readonly StackFunction[],
): void {
  const { schedule } = settings;
  if (schedule === undefined) return;
  const paused = Object.entries(settings.functions).flatMap(([key, own]) => {
    const made = functions.find(({ id }) => id === constructId(key));
    // What runs nowhere by its settings stays so.
    return made && own.maxEnvironments !== 0 ? [{ made, own }] : [];
  });
  if (paused.length === 0) return;
  const role = createSchedulerRole(stack, {
    id: "PauseRole",
    description: `Lets schedules pause and resume the functions of ${stack.stackName}`,
    policyName: "Scale",
    statements: paused.flatMap(({ made }) => [
      allow("lambda:PutFunctionScalingConfig", made.resource.attrArn),
      // The same with a version behind its name.
      allow("lambda:PutFunctionScalingConfig", `${made.resource.attrArn}:*`),
    ]),
  });
  for (const { made, own } of paused)
    for (const [suffix, qualifier] of qualifiersOf(made)) {
      const parts = { stack, id: `${made.id}${suffix}`, made, qualifier, roleArn: role.attrArn };
      if (schedule.pause !== undefined) createTimed(parts, "Pause", schedule, { min: 0, max: 0 });
      if (schedule.resume !== undefined) createTimed(parts, "Resume", schedule, limitsOf(own));
    }
}

/** What takes requests, and the version that an alias keeps running. */
function qualifiersOf({ aliases }: StackFunction): readonly (readonly [string, string])[] {
  const published = "$LATEST.PUBLISHED";
  const version = aliases
    .map(({ functionVersion }) => functionVersion)
    .find((each) => each !== published);
  return [
    ["", published] as const,
    ...(version === undefined ? [] : [["Version", version] as const]),
  ];
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

/** Both at once, since Lambda's guides set both; the most that its API takes is no limit. */
function limitsOf({ minEnvironments, maxEnvironments }: FunctionSettings): Limits {
  return {
    min: minEnvironments ?? DEFAULT_MIN_ENVIRONMENTS,
    max: maxEnvironments ?? MAX_ENVIRONMENTS,
  };
}

interface TimedParts {
  readonly stack: Stack;
  readonly id: string;
  readonly made: StackFunction;
  readonly qualifier: string;
  readonly roleArn: string;
}

function createTimed(
  { stack, id, made, qualifier, roleArn }: TimedParts,
  kind: "Pause" | "Resume",
  schedule: PauseSchedule,
  { min, max }: Limits,
) {
  const { CfnSchedule } = scheduler();
  const input = {
    FunctionName: made.resource.ref,
    Qualifier: qualifier,
    FunctionScalingConfig: { MinExecutionEnvironments: min, MaxExecutionEnvironments: max },
  };
  return new CfnSchedule(stack, `${id}${kind}Schedule`, {
    description: `${kind}s a function of ${stack.stackName}`,
    scheduleExpression: (kind === "Pause" ? schedule.pause : schedule.resume) ?? "",
    scheduleExpressionTimezone: schedule.timezone,
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      // EventBridge Scheduler user guide, managing-targets-universal: actions in camelCase.
      arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:lambda:putFunctionScalingConfig`,
      roleArn,
      input: stack.toJsonString(input),
      // Lambda refuses while it is changing the function; an hour later it would surprise more than help.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
    },
  });
}
