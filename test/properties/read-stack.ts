import { deployedFunctionName } from "../../src/synth/names.ts";
import type { FunctionSettings, Settings } from "../../src/synth/settings.ts";
import type { Answer, Deployed, World } from "./deployed-world.ts";
import type { ReadBack } from "./read-back.ts";

/* What belongs to the whole stack: when it runs and how long it lives, who may use its roles, and the user's own parts. */

const inOrder = (values: readonly object[]) =>
  values.map((value) => JSON.stringify(value)).toSorted();

export async function readStack(
  world: World,
  settings: Settings,
  deployed: Deployed,
): Promise<ReadBack> {
  const { call } = world;
  const { Schedules } = await call("scheduler", "ListSchedules");
  const schedules: Answer[] = await Promise.all(
    Schedules.map(({ Name, GroupName }: Answer) =>
      call("scheduler", "GetSchedule", { Name, GroupName }),
    ),
  );
  const to = (action: string) =>
    schedules.filter(({ Target }) => String(Target.Arn).endsWith(`:aws-sdk:${action}`));
  return {
    asked: {
      pauses: inOrder(askedPauses(settings)),
      isMortal: settings.ttl !== undefined,
      isConfused: !settings.capacity.confusedDeputyProtection,
      ...askedOwn(settings),
    },
    found: {
      pauses: inOrder(to("lambda:putFunctionScalingConfig").map(foundPause)),
      isMortal: to("cloudformation:deleteStack").length === 1,
      isConfused: !(await roleOf(call, deployed, "OperatorRole")).AssumeRolePolicyDocument.includes(
        "aws%3ASourceAccount",
      ),
      ...(await foundOwn(world, settings, deployed)),
    },
  };
}

interface Pause {
  readonly name: string;
  /** `published`, or `version` for a numbered one. */
  readonly of: "published" | "version";
  readonly expression: string;
  readonly timezone: string;
  readonly limits: readonly [number, number];
}

/** At both times, everything that settings let run, and the version that an alias keeps. */
function askedPauses({ schedule, functions, environment }: Settings): Pause[] {
  if (schedule === undefined) return [];
  const { pause, resume, timezone } = schedule;
  return Object.entries(functions)
    .filter(([, own]) => own.maxEnvironments !== 0)
    .flatMap(([key, own]) => {
      const name = deployedFunctionName(key, environment);
      const runs = Object.values(own.aliases).includes("version")
        ? (["published", "version"] as const)
        : (["published"] as const);
      const at = (expression: string | undefined, limits: Pause["limits"]) =>
        expression === undefined
          ? []
          : runs.map((of) => ({ name, of, expression, timezone, limits }));
      return [...at(pause, [0, 0]), ...at(resume, limitsOf(own))];
    });
}

/** Lambda's default, and the most that its API takes. */
const limitsOf = (own: FunctionSettings): Pause["limits"] => [
  own.minEnvironments ?? 3,
  own.maxEnvironments ?? 15_000,
];

function foundPause({ ScheduleExpression, ScheduleExpressionTimezone, Target }: Answer): Pause {
  const { FunctionName, Qualifier, FunctionScalingConfig } = JSON.parse(Target.Input);
  return {
    name: FunctionName,
    of: Qualifier === "$LATEST.PUBLISHED" ? "published" : "version",
    expression: ScheduleExpression,
    timezone: ScheduleExpressionTimezone,
    limits: [
      FunctionScalingConfig.MinExecutionEnvironments,
      FunctionScalingConfig.MaxExecutionEnvironments,
    ],
  };
}

async function roleOf(call: World["call"], { ids }: Deployed, logicalId: string): Promise<Answer> {
  const { Role } = await call("iam", "GetRole", { RoleName: ids.get(logicalId) });
  return Role;
}

/** As random settings have them: a parameter of SSM, an output of its name, and overrides of a role. */
function askedOwn({ resources, outputs, overrides }: Settings) {
  const { Own } = resources;
  return {
    value: Own?.Properties?.["Value"],
    description: Own?.Properties?.["Description"],
    outputs: Object.keys(outputs),
    overridden: Object.values(overrides).flatMap((changes) => Object.values(changes)),
  };
}

async function foundOwn({ call }: World, settings: Settings, deployed: Deployed) {
  const Name = deployed.ids.get("Own");
  const parameter = Name && (await call("ssm", "GetParameter", { Name })).Parameter;
  const { Stacks } = await call("cloudformation", "DescribeStacks");
  const outputs: Answer[] = Stacks[0].Outputs;
  const role = await roleOf(call, deployed, "OperatorRole");
  const known: Readonly<Record<string, unknown>> = {
    "Properties.Description": role.Description,
    "Properties.MaxSessionDuration": role.MaxSessionDuration,
  };
  return {
    value: parameter?.Value,
    description: parameter && (await descriptionOf(call, parameter.Name)),
    outputs: outputs
      .filter(({ OutputKey, OutputValue }) => OutputKey in settings.outputs && OutputValue === Name)
      .map(({ OutputKey }) => OutputKey),
    overridden: Object.values(settings.overrides)
      .flatMap((changes) => Object.keys(changes))
      .map((path) => known[path]),
  };
}

async function descriptionOf(call: World["call"], name: string): Promise<unknown> {
  const { Parameters } = await call("ssm", "DescribeParameters");
  return Parameters.find(({ Name }: Answer) => Name === name)?.Description;
}
