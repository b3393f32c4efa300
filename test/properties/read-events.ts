import type { FunctionSettings } from "../../src/synth/settings.ts";
import type { Answer, World } from "./deployed-world.ts";
import { type EventOf, eventsOf } from "./event-kinds.ts";
import { askedMappings, foundMappings } from "./read-mappings.ts";
import {
  askedRule,
  askedSubscription,
  foundRules,
  foundSubscriptions,
  isHere,
} from "./read-rules.ts";

/* What calls a function, found by the function's ARN through the services that call it. */

export function askedEvents(own: FunctionSettings, environment: string | undefined) {
  return {
    mappings: inOrder(askedMappings(own, environment)),
    rules: inOrder(eventsOf(own, "rule", "s3").map((event) => askedRule(event, environment))),
    schedules: inOrder(eventsOf(own, "schedule").map(askedSchedule)),
    subscriptions: inOrder(
      eventsOf(own, "sns")
        .filter(isHere)
        .map((event) => askedSubscription(event, environment)),
    ),
    apis: inOrder(eventsOf(own, "http").map(askedApi)),
  };
}

/** Names that CloudFormation chooses are told apart by those that were asked for. */
export async function foundEvents(
  call: World["call"],
  arn: string,
  own: FunctionSettings,
  environment: string | undefined,
) {
  const asked = askedEvents(own, environment);
  const isAsked = (kind: keyof typeof asked, name: string) =>
    asked[kind].some((text) => text.includes(JSON.stringify(name)));
  return {
    mappings: inOrder(await foundMappings(call, arn, (name) => isAsked("mappings", name))),
    rules: inOrder(await foundRules(call, arn, (name) => isAsked("rules", name))),
    schedules: inOrder(await foundSchedules(call, arn)),
    subscriptions: inOrder(
      await foundSubscriptions(call, arn, (name) => isAsked("subscriptions", name)),
    ),
    apis: inOrder(await foundApis(call, arn)),
  };
}

/** Without regard to the order of sources and of keys; what is undefined is not there. */
const inOrder = (all: readonly object[]) => all.map((each) => JSON.stringify(each)).toSorted();

const askedSchedule = (event: EventOf<"schedule">) => ({
  expression: event.expression,
  timezone: event.timezone,
  state: event.enabled ? "ENABLED" : "DISABLED",
  window: event.flexibleWindow,
  input: event.input === undefined ? undefined : JSON.stringify(event.input),
  // EventBridge Scheduler's own where settings say nothing.
  retries: event.retries ?? 185,
  maxAge: event.maxAge ?? 86_400,
  deadLetterArn: event.deadLetterArn,
});

async function foundSchedules(call: World["call"], arn: string) {
  const { Schedules } = await call("scheduler", "ListSchedules");
  const all: Answer[] = await Promise.all(
    Schedules.map(({ Name, GroupName }: Answer) =>
      call("scheduler", "GetSchedule", { Name, GroupName }),
    ),
  );
  return all
    .filter(({ Target }) => Target.Arn === arn)
    .map((each) => ({
      expression: each.ScheduleExpression,
      timezone: each.ScheduleExpressionTimezone,
      state: each.State,
      window: each.FlexibleTimeWindow.MaximumWindowInMinutes,
      input: each.Target.Input,
      retries: each.Target.RetryPolicy.MaximumRetryAttempts,
      maxAge: each.Target.RetryPolicy.MaximumEventAgeInSeconds,
      deadLetterArn: each.Target.DeadLetterConfig?.Arn,
    }));
}

const askedApi = ({ routes, auth, stage, cors }: EventOf<"http">) => ({
  routes: routes.map((key) => `${key} ${auth === "iam" ? "AWS_IAM" : "NONE"}`).toSorted(),
  stages: [stage],
  cors: corsOf((key) => cors?.[key]),
});

const corsKeys = [
  "allowOrigins",
  "allowMethods",
  "allowHeaders",
  "exposeHeaders",
  "allowCredentials",
  "maxAge",
] as const;
const corsOf = (value: (key: (typeof corsKeys)[number]) => unknown) =>
  corsKeys.map((key) => value(key) ?? null);

async function foundApis(call: World["call"], arn: string) {
  const { Items } = await call("apigateway", "GetApis");
  const all = await Promise.all(Items.map((api: Answer) => foundApi(call, api, arn)));
  return all.flat();
}

/** Nothing where it calls another function. */
async function foundApi(call: World["call"], api: Answer, arn: string) {
  const { ApiId } = api;
  const [integrations, routes, stages] = await Promise.all([
    call("apigateway", "GetIntegrations", { ApiId }),
    call("apigateway", "GetRoutes", { ApiId }),
    call("apigateway", "GetStages", { ApiId }),
  ]);
  const own = integrations.Items.find((each: Answer) => each.IntegrationUri === arn);
  if (own === undefined) return [];
  const target = `integrations/${own.IntegrationId}`;
  return [
    {
      routes: routes.Items.filter((each: Answer) => each.Target === target)
        .map((each: Answer) => `${each.RouteKey} ${each.AuthorizationType}`)
        .toSorted(),
      stages: stages.Items.map((each: Answer) => each.StageName),
      cors: corsOf((key) => api.CorsConfiguration?.[key.charAt(0).toUpperCase() + key.slice(1)]),
    },
  ];
}
