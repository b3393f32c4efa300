import type {
  CreateTopicInput,
  DeleteTopicInput,
  GetTopicAttributesInput,
  ListTagsForResourceRequest,
  ListTopicsInput,
  SetTopicAttributesInput,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-sns";
import type { CallContext, Operation } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { existingTopic, invalid, page, type SnsStore, topicArn } from "./sns-store.ts";

export function topicOperations(store: SnsStore): Record<string, Operation> {
  const { topics, subscriptions } = store;
  const of = ({ region }: CallContext, arn: string) =>
    subscriptions.list(region).filter(({ TopicArn }) => TopicArn === arn);
  return {
    /** The same again answers the topic that is there (Amazon SNS API, CreateTopic). */
    async CreateTopic(input: CreateTopicInput, context: CallContext) {
      const { Name = "", Attributes = {} } = input;
      if (!/^[\w-]{1,256}(?:\.fifo)?$/.test(Name)) throw invalid("Topic Name");
      if (Name.endsWith(".fifo") !== (Attributes["FifoTopic"] === "true"))
        throw invalid("Fifo Topic names must end with .fifo and must be made with FifoTopic");
      const TopicArn = topicArn(Name, context);
      const tags = Object.fromEntries(
        (input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
      );
      if (!topics.get(context.region, TopicArn))
        topics.put(context.region, TopicArn, { TopicArn, attributes: Attributes, tags });
      return { TopicArn };
    },

    async GetTopicAttributes(input: GetTopicAttributesInput, context: CallContext) {
      const { TopicArn, attributes } = existingTopic(store, input.TopicArn, context);
      const Attributes = {
        TopicArn,
        Owner: context.accountId,
        DisplayName: "",
        SubscriptionsConfirmed: String(of(context, TopicArn).length),
        SubscriptionsPending: "0",
        SubscriptionsDeleted: "0",
        ...attributes,
      };
      return { Attributes };
    },

    async SetTopicAttributes(input: SetTopicAttributesInput, context: CallContext) {
      const topic = existingTopic(store, input.TopicArn, context);
      const { AttributeName = "", AttributeValue = "" } = input;
      if (!settable.has(AttributeName)) throw invalid("AttributeName");
      const attributes = { ...topic.attributes, [AttributeName]: AttributeValue };
      topics.put(context.region, topic.TopicArn, { ...topic, attributes });
      return {};
    },

    async ListTopics(input: ListTopicsInput, context: CallContext) {
      const { items, NextToken } = page(topics.list(context.region), input.NextToken);
      return { Topics: items.map(({ TopicArn }) => ({ TopicArn })), NextToken };
    },

    /** With its subscriptions; what is gone already is no error (Amazon SNS API, DeleteTopic). */
    async DeleteTopic({ TopicArn = "" }: DeleteTopicInput, context: CallContext) {
      if (!/^arn:aws[a-z-]*:sns:/.test(TopicArn)) throw invalid("TopicArn");
      for (const { SubscriptionArn } of of(context, TopicArn))
        subscriptions.delete(context.region, SubscriptionArn);
      topics.delete(context.region, TopicArn);
      return {};
    },
    ...tagOperations(store),
  };
}

/** Amazon SNS API, SetTopicAttributes, as far as it is about topics that send to functions. */
const settable = new Set([
  "ContentBasedDeduplication",
  "DeliveryPolicy",
  "DisplayName",
  "KmsMasterKeyId",
  "Policy",
  "SignatureVersion",
  "TracingConfig",
]);

function tagOperations(store: SnsStore): Record<string, Operation> {
  const { topics } = store;
  const tagged = (arn: string | undefined, { region }: CallContext) => {
    const topic = topics.get(region, arn ?? "");
    if (!topic)
      throw new ServiceError("ResourceNotFoundException", "Resource does not exist", {
        status: 404,
      });
    return topic;
  };
  return {
    async TagResource(input: TagResourceRequest, context: CallContext) {
      const topic = tagged(input.ResourceArn, context);
      const added = (input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const);
      const tags = { ...topic.tags, ...Object.fromEntries(added) };
      topics.put(context.region, topic.TopicArn, { ...topic, tags });
      return {};
    },

    async UntagResource(input: UntagResourceRequest, context: CallContext) {
      const topic = tagged(input.ResourceArn, context);
      const kept = Object.entries(topic.tags).filter(([key]) => !input.TagKeys?.includes(key));
      topics.put(context.region, topic.TopicArn, { ...topic, tags: Object.fromEntries(kept) });
      return {};
    },

    async ListTagsForResource(input: ListTagsForResourceRequest, context: CallContext) {
      const { tags } = tagged(input.ResourceArn, context);
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}
