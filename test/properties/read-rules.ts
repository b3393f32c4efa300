import { account } from "../helpers/random-settings/values.ts";
import type { Answer, World } from "./deployed-world.ts";
import type { EventOf, IsAsked } from "./event-kinds.ts";

/* What pushes: rules of EventBridge, objects of S3 among them, and subscriptions of SNS. */

/** Amazon S3 user guide, EventBridge. */
const detailTypes: Readonly<Record<string, readonly string[]>> = {
  created: ["Object Created"],
  removed: ["Object Deleted"],
  restored: ["Object Restore Initiated", "Object Restore Completed", "Object Restore Expired"],
  tagged: ["Object Tags Added", "Object Tags Deleted"],
};
/** Stands for a name that CloudFormation chooses. */
const chosen = "chosen";

export function askedRule(event: EventOf<"rule" | "s3">, environment: string | undefined) {
  if (event.type === "s3")
    return ruleOf("default", "ENABLED", objectPattern(event, environment), {});
  return ruleOf(
    event.bus.replace(/^.*:event-bus\//, ""),
    event.enabled ? "ENABLED" : "DISABLED",
    event.pattern,
    {
      Input: event.input === undefined ? undefined : JSON.stringify(event.input),
      InputPath: event.inputPath,
      RetryPolicy: {
        MaximumRetryAttempts: event.retries,
        MaximumEventAgeInSeconds: event.maxAge,
      },
      DeadLetterConfig: { Arn: event.deadLetterArn },
    },
  );
}

const ruleOf = (bus: string, state: string, pattern: unknown, target: Answer) => ({
  bus,
  state,
  pattern,
  input: target.Input,
  inputPath: target.InputPath,
  retries: target.RetryPolicy?.MaximumRetryAttempts,
  maxAge: target.RetryPolicy?.MaximumEventAgeInSeconds,
  deadLetterArn: target.DeadLetterConfig?.Arn,
});

const escaped = (text = "") => text.replaceAll(/[\\*]/g, String.raw`\$&`);

function objectPattern(event: EventOf<"s3">, environment: string | undefined) {
  const { prefix, suffix } = event;
  const both = prefix !== undefined && suffix !== undefined;
  const one = prefix === undefined ? { suffix } : { prefix };
  const key = both ? { wildcard: `${escaped(prefix)}*${escaped(suffix)}` } : one;
  const isAny = prefix === undefined && suffix === undefined;
  return {
    source: ["aws.s3"],
    "detail-type": [...new Set(event.kinds)].flatMap((kind) => detailTypes[kind]),
    detail: {
      bucket: { name: [event.bucket ?? bucketName(event, environment) ?? chosen] },
      ...(isAny ? {} : { object: { key: [key] } }),
    },
  };
}

function bucketName({ bucketName: name }: EventOf<"s3">, environment: string | undefined) {
  return name && [name, ...(environment ? [environment.toLowerCase()] : [])].join("-");
}

export async function foundRules(call: World["call"], arn: string, isAsked: IsAsked) {
  const { EventBuses } = await call("events", "ListEventBuses");
  const all = await Promise.all(
    EventBuses.map(async ({ Name: bus }: Answer) => {
      const { Rules } = await call("events", "ListRules", { EventBusName: bus });
      return Promise.all(Rules.map((rule: Answer) => foundRule(call, rule, arn, isAsked)));
    }),
  );
  return all.flat(2);
}

/** Nothing where it calls another function. */
async function foundRule(call: World["call"], rule: Answer, arn: string, isAsked: IsAsked) {
  const { Name: Rule, EventBusName } = rule;
  const { Targets } = await call("events", "ListTargetsByRule", { Rule, EventBusName });
  const pattern = withoutChosen(JSON.parse(rule.EventPattern), isAsked);
  return Targets.filter((target: Answer) => target.Arn === arn).map((target: Answer) =>
    ruleOf(EventBusName, rule.State, pattern, target),
  );
}

function withoutChosen(pattern: Answer, isAsked: IsAsked) {
  const [name] = pattern.source?.[0] === "aws.s3" ? (pattern.detail?.bucket?.name ?? []) : [];
  if (name === undefined || isAsked(name)) return pattern;
  return { ...pattern, detail: { ...pattern.detail, bucket: { name: [chosen] } } };
}

/** A topic of another account is subscribed to there: nothing of it shows in this one. */
export const isHere = ({ arn }: EventOf<"sns">) =>
  arn === undefined || arn.split(":")[4] === account;

export function askedSubscription(event: EventOf<"sns">, environment: string | undefined) {
  const parts = [event.topicName, ...(environment ? [environment] : [])];
  const name = event.topicName && parts.join("-");
  return {
    topic: event.arn?.split(":").at(-1) ?? name ?? chosen,
    kmsKeyArn: event.kmsKeyArn,
    filter: event.filter,
    scope: event.filter && (event.filterScope === "body" ? "MessageBody" : "MessageAttributes"),
    deadLetterArn: event.deadLetterArn,
  };
}

export async function foundSubscriptions(call: World["call"], arn: string, isAsked: IsAsked) {
  const { Subscriptions } = await call("sns", "ListSubscriptions");
  return Promise.all(
    Subscriptions.filter(({ Endpoint }: Answer) => Endpoint === arn).map(
      async ({ SubscriptionArn, TopicArn }: Answer) => {
        const subscription = await call("sns", "GetSubscriptionAttributes", { SubscriptionArn });
        const topic = await call("sns", "GetTopicAttributes", { TopicArn });
        const name = TopicArn.split(":").at(-1);
        const { FilterPolicy, FilterPolicyScope, RedrivePolicy } = subscription.Attributes;
        return {
          topic: isAsked(name) ? name : chosen,
          kmsKeyArn: topic.Attributes.KmsMasterKeyId,
          filter: FilterPolicy && JSON.parse(FilterPolicy),
          scope: FilterPolicyScope,
          deadLetterArn: RedrivePolicy && JSON.parse(RedrivePolicy).deadLetterTargetArn,
        };
      },
    ),
  );
}
