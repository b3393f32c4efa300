import { ServiceError } from "../../service-error.ts";
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { documentText, objects, pick, tagChanges, tagList, text, texts } from "./properties.ts";
import { attemptOf, createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

const taken = ["TopicNameExists"];
const missing = ["NotFoundException", "ResourceNotFoundException"];

function call<Output extends object>(context: ResourceContext, operation: string, input: object) {
  return context.call<Output>("sns", operation, input, context.caller);
}

/** Properties that are attributes of the topic under the same name, and what they are without. */
const topicAttributes: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: "false",
  DisplayName: "",
  KmsMasterKeyId: "",
  SignatureVersion: "1",
  TracingConfig: "PassThrough",
};

function attributesOf(properties: Properties): Record<string, string> {
  return Object.fromEntries(
    Object.keys(topicAttributes).flatMap((name) => {
      const value = text(properties, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function describeTopic(TopicArn: string): ProvisionedResource {
  const TopicName = TopicArn.split(":").at(-1);
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName } };
}

/** Subscriptions that stand in the topic's own properties. */
async function subscribe(TopicArn: string, properties: Properties, context: ResourceContext) {
  for (const each of objects(properties, "Subscription")) {
    await call(context, "Subscribe", { TopicArn, ...pick(each, ["Protocol", "Endpoint"]) });
  }
}

export const topic: ResourceType = {
  type: "AWS::SNS::Topic",
  async create(properties, context) {
    const fifo = text(properties, "FifoTopic") === "true";
    const ending = fifo ? ".fifo" : "";
    const Name =
      text(properties, "TopicName") ?? `${context.generateName(256 - ending.length)}${ending}`;
    const { region, accountId } = context.caller;
    const TopicArn = `arn:aws:sns:${region}:${accountId}:${Name}`;
    // The same topic again would be no error of SNS; of a second stack it is one.
    await createNamed(context, Name, taken, async () => {
      const found = await unlessMissing(missing, () =>
        call(context, "GetTopicAttributes", { TopicArn }),
      );
      if (found) throw new ServiceError("TopicNameExists", `${Name} already exists`);
      await call(context, "CreateTopic", {
        Name,
        Attributes: { ...(fifo ? { FifoTopic: "true" } : {}), ...attributesOf(properties) },
        Tags: tagList(properties, context),
      });
    });
    await subscribe(TopicArn, properties, context);
    return describeTopic(TopicArn);
  },
  async update(TopicArn, properties, previous, context) {
    const wanted = attributesOf(properties);
    for (const AttributeName of Object.keys({ ...attributesOf(previous), ...wanted })) {
      const AttributeValue = wanted[AttributeName] ?? topicAttributes[AttributeName];
      await call(context, "SetTopicAttributes", { TopicArn, AttributeName, AttributeValue });
    }
    const { set, removedKeys } = tagChanges(properties, previous, context);
    if (removedKeys.length > 0)
      await call(context, "UntagResource", { ResourceArn: TopicArn, TagKeys: removedKeys });
    if (set.length > 0) await call(context, "TagResource", { ResourceArn: TopicArn, Tags: set });
    await subscribe(TopicArn, properties, context);
    return describeTopic(TopicArn);
  },
  async delete(TopicArn, _properties, context) {
    const name = TopicArn.slice(TopicArn.lastIndexOf(":") + 1);
    await deleteNamed(context, name, missing, () => call(context, "DeleteTopic", { TopicArn }));
  },
};

/** Documents are text in the API. */
function subscriptionAttributes(properties: Properties): Record<string, string> {
  const names = ["DeliveryPolicy", "FilterPolicy", "RedrivePolicy"];
  const documents = names.flatMap((name) => {
    const value = documentText(properties, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const scope = text(properties, "FilterPolicyScope");
  const raw = text(properties, "RawMessageDelivery");
  return {
    ...Object.fromEntries(documents),
    ...(scope === undefined ? {} : { FilterPolicyScope: scope }),
    ...(raw === undefined ? {} : { RawMessageDelivery: raw }),
  };
}

const withoutAttribute: Readonly<Record<string, string>> = {
  FilterPolicyScope: "MessageAttributes",
  RawMessageDelivery: "false",
};

const describeSubscription = (Arn: string): ProvisionedResource => ({
  physicalId: Arn,
  attributes: { Arn },
});

/** Endpoints that nothing here can stand for are written down and get nothing. */
const served = new Set(["lambda", "sqs"]);

export const subscription: ResourceType = {
  type: "AWS::SNS::Subscription",
  async create(properties, context) {
    const Protocol = text(properties, "Protocol") ?? "";
    const TopicArn = text(properties, "TopicArn") ?? "";
    if (!served.has(Protocol) || isElsewhere(TopicArn, context)) {
      context.log(
        `AWS::SNS::Subscription ${context.logicalId}: nothing comes from ${TopicArn} here`,
      );
      return describeSubscription(`${TopicArn}:${attemptOf(context).slice(-36)}`);
    }
    const { SubscriptionArn } = await call<{ SubscriptionArn: string }>(context, "Subscribe", {
      TopicArn,
      Protocol,
      Endpoint: text(properties, "Endpoint"),
      Attributes: subscriptionAttributes(properties),
    });
    return describeSubscription(SubscriptionArn);
  },
  async update(SubscriptionArn, properties, previous, context) {
    const wanted = subscriptionAttributes(properties);
    for (const AttributeName of Object.keys({ ...subscriptionAttributes(previous), ...wanted })) {
      const AttributeValue = wanted[AttributeName] ?? withoutAttribute[AttributeName] ?? "";
      const input = { SubscriptionArn, AttributeName, AttributeValue };
      await unlessMissing(missing, () => call(context, "SetSubscriptionAttributes", input));
    }
    return describeSubscription(SubscriptionArn);
  },
  async delete(SubscriptionArn, _properties, context) {
    await unlessMissing([...missing, "InvalidParameterException"], () =>
      call(context, "Unsubscribe", { SubscriptionArn }),
    );
  },
};

/** A topic of another account or region, which nothing here publishes to. */
function isElsewhere(TopicArn: string, { caller }: ResourceContext): boolean {
  const [, , , region, account] = TopicArn.split(":");
  return region !== caller.region || account !== caller.accountId;
}

async function putPolicy(properties: Properties, context: ResourceContext): Promise<void> {
  const AttributeValue = documentText(properties, "PolicyDocument");
  for (const TopicArn of texts(properties, "Topics")) {
    const input = { TopicArn, AttributeName: "Policy", AttributeValue };
    await call(context, "SetTopicAttributes", input);
  }
}

export const topicPolicy: ResourceType = {
  type: "AWS::SNS::TopicPolicy",
  async create(properties, context) {
    const Id = context.generateName(128);
    await createNamed(context, Id, [], () => putPolicy(properties, context));
    return { physicalId: Id, attributes: { Id } };
  },
  async update(physicalId, properties, _previous, context) {
    await putPolicy(properties, context);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete(physicalId, properties, context) {
    await deleteNamed(context, physicalId, missing, () =>
      putPolicy({ ...properties, PolicyDocument: "" }, context),
    );
  },
};
