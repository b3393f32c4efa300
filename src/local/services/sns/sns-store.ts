import { pageOf } from "../../page.ts";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";

export interface TopicDocument {
  readonly TopicArn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SubscriptionDocument {
  readonly SubscriptionArn: string;
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SnsStore {
  /** By ARN. */
  readonly topics: Collection<TopicDocument>;
  readonly subscriptions: Collection<SubscriptionDocument>;
}

export function openSnsStore({ state }: TargetContext): SnsStore {
  return {
    topics: state.collection("sns.topics"),
    subscriptions: state.collection("sns.subscriptions"),
  };
}

export const topicArn = (name: string, { region, accountId }: CallContext) =>
  `arn:aws:sns:${region}:${accountId}:${name}`;

/** Query codes leave `Exception` out (botocore service model sns). */
export const invalid = (reason: string) =>
  new ServiceError("InvalidParameterException", `Invalid parameter: ${reason}`, { status: 400 });
const notFound = (message: string) =>
  new ServiceError("NotFoundException", message, { status: 404 });

export function existingTopic(
  { topics }: SnsStore,
  arn: string | undefined,
  { region }: CallContext,
) {
  if (!/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(arn ?? "")) throw invalid("TopicArn");
  const topic = topics.get(region, arn ?? "");
  if (!topic) throw notFound("Topic does not exist");
  return topic;
}

export function existingSubscription(
  { subscriptions }: SnsStore,
  arn: string | undefined,
  { region }: CallContext,
) {
  if (!/^arn:aws[a-z-]*:sns:(?:[^:]+:){3}[\w-]+$/.test(arn ?? ""))
    throw invalid("SubscriptionArn Reason: An ARN must have at least 6 elements");
  const subscription = subscriptions.get(region, arn ?? "");
  if (!subscription) throw notFound("Subscription does not exist");
  return subscription;
}

/** A hundred a page (Amazon SNS API, ListTopics). */
export function page<Item>(items: readonly Item[], NextToken?: string) {
  const found = pageOf(items, NextToken, 100);
  if (!found) throw invalid("NextToken");
  return { items: found.items, ...(found.next === undefined ? {} : { NextToken: found.next }) };
}
