import { randomUUID } from "node:crypto";
import type {
  GetSubscriptionAttributesInput,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsInput,
  SetSubscriptionAttributesInput,
  SubscribeInput,
  UnsubscribeInput,
} from "@aws-sdk/client-sns";
import { patternProblem } from "../../../event-pattern-problem.ts";
import type { CallContext, Operation } from "../../service.ts";
import {
  existingSubscription,
  existingTopic,
  invalid,
  page,
  type SnsStore,
  type SubscriptionDocument,
} from "./sns-store.ts";

export function subscriptionOperations(store: SnsStore): Record<string, Operation> {
  const { subscriptions } = store;
  return {
    /** The same endpoint again answers the subscription that is there (Amazon SNS API, Subscribe). */
    async Subscribe(input: SubscribeInput, context: CallContext) {
      const { TopicArn } = existingTopic(store, input.TopicArn, context);
      const { Protocol = "", Endpoint = "", Attributes = {} } = input;
      if (!protocols.has(Protocol))
        throw invalid(`Protocol Reason: ${Protocol} is not served here`);
      if (!Endpoint.startsWith(`arn:aws:${Protocol}:`)) throw invalid("Endpoint");
      for (const [name, value] of Object.entries(Attributes)) checkAttribute(name, value);
      const known = subscriptions
        .list(context.region)
        .find((each) => each.TopicArn === TopicArn && each.Endpoint === Endpoint);
      const SubscriptionArn = known?.SubscriptionArn ?? `${TopicArn}:${randomUUID()}`;
      const document = { SubscriptionArn, TopicArn, Protocol, Endpoint, attributes: Attributes };
      if (known && fingerprint(known) !== fingerprint(document))
        throw invalid("Attributes Reason: Subscription already exists with different attributes");
      subscriptions.put(context.region, SubscriptionArn, document);
      return { SubscriptionArn };
    },

    async GetSubscriptionAttributes(input: GetSubscriptionAttributesInput, context: CallContext) {
      const found = existingSubscription(store, input.SubscriptionArn, context);
      const { attributes, ...rest } = found;
      const Attributes = {
        ...rest,
        Owner: context.accountId,
        ConfirmationWasAuthenticated: "true",
        PendingConfirmation: "false",
        RawMessageDelivery: "false",
        ...attributes,
      };
      return { Attributes };
    },

    async SetSubscriptionAttributes(input: SetSubscriptionAttributesInput, context: CallContext) {
      const found = existingSubscription(store, input.SubscriptionArn, context);
      const { AttributeName = "", AttributeValue = "" } = input;
      checkAttribute(AttributeName, AttributeValue);
      const { [AttributeName]: _before, ...others } = found.attributes;
      // An empty value takes a filter or a queue away.
      const isGone = AttributeValue === "" || AttributeValue === "{}";
      const attributes = isGone ? others : { ...others, [AttributeName]: AttributeValue };
      subscriptions.put(context.region, found.SubscriptionArn, { ...found, attributes });
      return {};
    },

    async Unsubscribe(input: UnsubscribeInput, context: CallContext) {
      const { SubscriptionArn } = existingSubscription(store, input.SubscriptionArn, context);
      subscriptions.delete(context.region, SubscriptionArn);
      return {};
    },

    async ListSubscriptions(input: ListSubscriptionsInput, context: CallContext) {
      const { items, NextToken } = page(subscriptions.list(context.region), input.NextToken);
      return { Subscriptions: items.map((each) => presented(each, context)), NextToken };
    },

    async ListSubscriptionsByTopic(input: ListSubscriptionsByTopicInput, context: CallContext) {
      const { TopicArn } = existingTopic(store, input.TopicArn, context);
      const own = subscriptions.list(context.region).filter((each) => each.TopicArn === TopicArn);
      const { items, NextToken } = page(own, input.NextToken);
      return { Subscriptions: items.map((each) => presented(each, context)), NextToken };
    },
  };
}

/** Kinds of endpoints that exist here; the others would wait for a confirmation. */
const protocols = new Set(["lambda", "sqs"]);

const names = new Set([
  "DeliveryPolicy",
  "FilterPolicy",
  "FilterPolicyScope",
  "RawMessageDelivery",
  "RedrivePolicy",
]);

function checkAttribute(name: string, value: string): void {
  if (!names.has(name)) throw invalid("AttributeName");
  if (name === "FilterPolicyScope" && !["MessageAttributes", "MessageBody"].includes(value))
    throw invalid("FilterPolicyScope: must be MessageAttributes or MessageBody");
  if (name === "RawMessageDelivery" && !["true", "false"].includes(value))
    throw invalid("RawMessageDelivery: must be true or false");
  if (!name.endsWith("Policy") || value === "" || value === "{}") return;
  let policy: unknown;
  try {
    policy = JSON.parse(value);
  } catch {
    throw invalid(`${name}: failed to parse JSON`);
  }
  const problem = name === "FilterPolicy" ? patternProblem(policy) : undefined;
  if (problem !== undefined) throw invalid(`FilterPolicy: ${problem.reason}`);
}

const fingerprint = ({ attributes }: SubscriptionDocument) =>
  JSON.stringify(
    Object.keys(attributes)
      .toSorted()
      .map((name) => [name, attributes[name]]),
  );

function presented(document: SubscriptionDocument, { accountId }: CallContext): object {
  const { attributes: _attributes, ...rest } = document;
  return { ...rest, Owner: accountId };
}
