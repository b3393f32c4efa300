import { ServiceError } from "../../service-error.ts";
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { documentText, dropped, tagChanges, tagMap, text, texts } from "./properties.ts";
import { createNamed, deleteNamed, hasCode, unlessMissing } from "./repeatable.ts";

const taken = ["QueueNameExists"];
const missing = ["QueueDoesNotExist"];

/** Properties that are attributes of the queue under the same name. */
const plain = [
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "MaximumMessageSize",
  "ReceiveMessageWaitTimeSeconds",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
];
/** Values of attributes that the template no longer gives (Amazon SQS API, CreateQueue). */
const whenAbsent: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: "false",
  DeduplicationScope: "queue",
  DelaySeconds: "0",
  FifoThroughputLimit: "perQueue",
  KmsMasterKeyId: "",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  RedriveAllowPolicy: "",
  RedrivePolicy: "",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "30",
};

function call<Output extends object>(context: ResourceContext, operation: string, input: object) {
  return context.call<Output>("sqs", operation, input, context.caller);
}

function attributesOf(properties: Properties): Record<string, string> {
  const given: Record<string, string | undefined> = {
    ...Object.fromEntries(plain.map((name) => [name, text(properties, name)])),
    MessageRetentionPeriod: text(properties, "MessageRetentionPeriod"),
    RedrivePolicy: documentText(properties, "RedrivePolicy"),
    RedriveAllowPolicy: documentText(properties, "RedriveAllowPolicy"),
  };
  // A standard queue is one that is not said to be FIFO.
  if (given["FifoQueue"] === "false") delete given["FifoQueue"];
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function nameOf(properties: Properties, context: ResourceContext): string {
  const given = text(properties, "QueueName");
  if (given !== undefined) return given;
  return text(properties, "FifoQueue") === "true"
    ? `${context.generateName(75)}.fifo`
    : context.generateName(80);
}

async function described(QueueUrl: string, context: ResourceContext): Promise<ProvisionedResource> {
  const name = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
  const { region, accountId } = context.caller;
  const Arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
  return { physicalId: QueueUrl, attributes: { Arn, QueueName: name, QueueUrl } };
}

export const queue: ResourceType = {
  type: "AWS::SQS::Queue",
  async create(properties, context) {
    const QueueName = nameOf(properties, context);
    // The same queue again would be no error of SQS; of a second stack it is one.
    const make = async () => {
      const found = await unlessMissing(missing, () => call(context, "GetQueueUrl", { QueueName }));
      if (found) throw new ServiceError("QueueNameExists", `${QueueName} already exists`);
      await call(context, "CreateQueue", {
        QueueName,
        Attributes: attributesOf(properties),
        tags: tagMap(properties, context),
      });
    };
    await createNamed(context, QueueName, taken, make);
    const { QueueUrl } = await call<{ QueueUrl: string }>(context, "GetQueueUrl", { QueueName });
    return described(QueueUrl, context);
  },
  async update(QueueUrl, properties, previous, context) {
    const Attributes = {
      ...attributesOf(properties),
      ...dropped(properties, previous, whenAbsent),
    };
    await call(context, "SetQueueAttributes", { QueueUrl, Attributes });
    const { set, removedKeys } = tagChanges(properties, previous, context);
    if (removedKeys.length > 0)
      await call(context, "UntagQueue", { QueueUrl, TagKeys: removedKeys });
    if (set.length > 0) {
      const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
      await call(context, "TagQueue", { QueueUrl, Tags });
    }
    return described(QueueUrl, context);
  },
  async delete(QueueUrl, _properties, context) {
    const name = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
    await deleteNamed(context, name, missing, () => call(context, "DeleteQueue", { QueueUrl }));
  },
};

/** The policy of each queue; one that is gone has none. */
async function putPolicy(
  urls: readonly string[],
  Policy: string,
  context: ResourceContext,
): Promise<void> {
  for (const QueueUrl of urls) {
    try {
      await call(context, "SetQueueAttributes", { QueueUrl, Attributes: { Policy } });
    } catch (error) {
      if (Policy !== "" || !hasCode(error, missing)) throw error;
    }
  }
}

export const queuePolicy: ResourceType = {
  type: "AWS::SQS::QueuePolicy",
  async create(properties, context) {
    const id = context.generateName(100);
    await putPolicy(
      texts(properties, "Queues"),
      documentText(properties, "PolicyDocument") ?? "",
      context,
    );
    return { physicalId: id, attributes: { Id: id } };
  },
  async update(physicalId, properties, previous, context) {
    const urls = texts(properties, "Queues");
    const left = texts(previous, "Queues").filter((url) => !urls.includes(url));
    await putPolicy(left, "", context);
    await putPolicy(urls, documentText(properties, "PolicyDocument") ?? "", context);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete(_physicalId, properties, context) {
    await putPolicy(texts(properties, "Queues"), "", context);
  },
};
