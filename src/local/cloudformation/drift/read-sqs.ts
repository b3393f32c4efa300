import { document, ownTags, type ReadContext, type Reader } from "./reader.ts";

type Attributes = Readonly<Record<string, string | undefined>>;

async function attributesOf(QueueUrl: string, { call }: ReadContext): Promise<Attributes> {
  const { Attributes = {} } = await call<{ Attributes?: Attributes }>("sqs", "GetQueueAttributes", {
    QueueUrl,
    AttributeNames: ["All"],
  });
  return Attributes;
}

const numbers = [
  "DelaySeconds",
  "KmsDataKeyReusePeriodSeconds",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ReceiveMessageWaitTimeSeconds",
  "VisibilityTimeout",
];
const flags = ["ContentBasedDeduplication", "FifoQueue", "SqsManagedSseEnabled"];
const texts = ["DeduplicationScope", "FifoThroughputLimit", "KmsMasterKeyId"];

const queue: Reader = async (QueueUrl, context) => {
  const attributes = await attributesOf(QueueUrl, context);
  const { Tags } = await context.call<{ Tags?: Record<string, string> }>("sqs", "ListQueueTags", {
    QueueUrl,
  });
  const read = (names: readonly string[], of: (value: string) => unknown) =>
    names.map((name) => {
      const value = attributes[name];
      return [name, value === undefined ? undefined : of(value)];
    });
  return {
    QueueName: QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1),
    ...Object.fromEntries([
      ...read(numbers, Number),
      ...read(flags, (value) => value === "true"),
      ...read(texts, (value) => value),
    ]),
    RedrivePolicy: document(attributes["RedrivePolicy"]),
    RedriveAllowPolicy: document(attributes["RedriveAllowPolicy"]),
    Tags: ownTags(Tags, context),
  };
};

const queuePolicy: Reader = async (_id, context) => {
  const { Queues } = context.resource.properties;
  const [url] = Array.isArray(Queues) ? Queues.map(String) : [];
  const { Policy } = await attributesOf(url ?? "", context);
  return Policy === undefined ? undefined : { Queues, PolicyDocument: document(Policy) };
};

export const sqsReaders: Readonly<Record<string, Reader>> = {
  "AWS::SQS::Queue": queue,
  "AWS::SQS::QueuePolicy": queuePolicy,
};
