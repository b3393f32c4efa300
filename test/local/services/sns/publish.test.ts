import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { startPushBench } from "../push-bench.ts";

async function startTopic(Attributes: Record<string, string> = {}) {
  const bench = await startPushBench();
  const client = bench.target.client(SNSClient);
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: "orders" }));
  const subscribed = { TopicArn, Protocol: "lambda", Endpoint: bench.functionArn, Attributes };
  const { SubscriptionArn } = await client.send(new SubscribeCommand(subscribed));
  const publish = (input: Partial<PublishCommandInput>) =>
    client.send(new PublishCommand({ TopicArn, Message: "m", ...input }));
  return { ...bench, client, TopicArn, SubscriptionArn, publish };
}

const attribute = (DataType: string, StringValue: string) => ({ DataType, StringValue });

test("a message comes to the function as a record, asynchronously", async () => {
  const { publish, came, TopicArn, SubscriptionArn } = await startTopic();
  const { MessageId } = await publish({
    Message: '{"order":7}',
    Subject: "New",
    MessageAttributes: { kind: attribute("String", "order") },
  });
  expect(came).toEqual([
    {
      at: "12:00:00",
      type: "Event",
      event: {
        Records: [
          {
            EventSource: "aws:sns",
            EventVersion: "1.0",
            EventSubscriptionArn: SubscriptionArn,
            Sns: expect.objectContaining({
              Type: "Notification",
              MessageId,
              TopicArn,
              Subject: "New",
              Message: '{"order":7}',
              Timestamp: "2026-11-25T12:00:00.000Z",
              MessageAttributes: { kind: { Type: "String", Value: "order" } },
            }),
          },
        ],
      },
    },
  ]);
});

test("a filter lets through what matches the attributes", async () => {
  const FilterPolicy = JSON.stringify({ kind: ["order"], total: [{ numeric: [">", 10] }] });
  const { publish, came } = await startTopic({ FilterPolicy });
  const kind = attribute("String", "order");
  await publish({ MessageAttributes: { kind, total: attribute("Number", "9") } });
  await publish({ Message: '{"kind":"order","total":12}' });
  expect(came).toEqual([]);
  await publish({ MessageAttributes: { kind, total: attribute("Number", "12") } });
  const kinds = attribute("String.Array", '["other","order"]');
  await publish({ MessageAttributes: { kind: kinds, total: attribute("Number", "12") } });
  expect(came).toHaveLength(2);
});

test("a filter of the body looks into its JSON", async () => {
  const { publish, came } = await startTopic({
    FilterPolicy: JSON.stringify({ order: { kind: ["large"] } }),
    FilterPolicyScope: "MessageBody",
  });
  await publish({ Message: "no JSON" });
  await publish({ Message: '{"order":{"kind":"small"}}' });
  expect(came).toEqual([]);
  await publish({ Message: '{"order":{"kind":"large"}}' });
  expect(came).toHaveLength(1);
});

test("a batch comes in its order, and texts for each kind of endpoint are taken apart", async () => {
  const { client, TopicArn, publish, came } = await startTopic();
  const entries = ["a", "b", "c"].map((Message) => ({ Id: Message, Message }));
  await client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }));
  await publish({
    Message: JSON.stringify({ default: "d", lambda: "l" }),
    MessageStructure: "json",
  });
  const messages = came.map(
    ({ event }) => (event as { Records: { Sns: { Message: string } }[] }).Records[0]?.Sns.Message,
  );
  expect(messages).toEqual(["a", "b", "c", "l"]);
});

/** A queue that is subscribed, too. */
async function withQueue(Attributes: Record<string, string> = {}) {
  const bench = await startTopic();
  const sqs = bench.target.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  const Endpoint = "arn:aws:sqs:us-east-1:000000000000:q";
  const { TopicArn } = bench;
  await bench.client.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }),
  );
  const received = async () => {
    const input = { QueueUrl, MessageAttributeNames: ["All"], MaxNumberOfMessages: 10 };
    return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
  };
  return { ...bench, received };
}

test("a queue gets it too, with the text that is meant for queues", async () => {
  const { TopicArn, publish, received, came } = await withQueue();
  await publish({
    Message: JSON.stringify({ default: "d", lambda: "l", sqs: "q" }),
    MessageStructure: "json",
  });
  const [message] = await received();
  expect(JSON.parse(message?.Body ?? "")).toMatchObject({ TopicArn, Message: "q" });
  expect(came[0]?.event).toMatchObject({ Records: [{ Sns: { Message: "l" } }] });
});

test("a queue that wants it raw gets its attributes as its own", async () => {
  const { publish, received } = await withQueue({ RawMessageDelivery: "true" });
  const kinds = attribute("String.Array", '["a"]');
  await publish({ Message: "raw", MessageAttributes: { kind: attribute("String", "k"), kinds } });
  expect(await received()).toEqual([
    expect.objectContaining({
      Body: "raw",
      MessageAttributes: {
        kind: { DataType: "String", StringValue: "k" },
        kinds: { DataType: "String", StringValue: '["a"]' },
      },
    }),
  ]);
});

test("what is wrong in a batch fails alone", async () => {
  const { client, TopicArn, came } = await startTopic();
  const entries = [
    { Id: "a", Message: "a" },
    { Id: "b", Message: "" },
    { Id: "c", Message: "c" },
  ];
  const batch = { TopicArn, PublishBatchRequestEntries: entries };
  const { Successful, Failed } = await client.send(new PublishBatchCommand(batch));
  expect(Successful?.map(({ Id }) => Id)).toEqual(["a", "c"]);
  expect(Failed).toEqual([
    expect.objectContaining({ Id: "b", Code: "InvalidParameter", SenderFault: true }),
  ]);
  expect(came).toHaveLength(2);
});

test("what a function that is gone was to get lies in the subscription's dead-letter queue", async () => {
  const bench = await withQueue();
  const { client, SubscriptionArn, publish, refuse, received } = bench;
  await client.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn,
      AttributeName: "RedrivePolicy",
      AttributeValue: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:q"}',
    }),
  );
  refuse(1, "ResourceNotFoundException");
  await publish({ Message: "lost" });
  const messages = await received();
  const dead = messages.find(({ MessageAttributes }) => MessageAttributes);
  expect(JSON.parse(dead?.Body ?? "")).toMatchObject({ Message: "lost" });
  expect(dead?.MessageAttributes).toHaveProperty("ErrorCode");
  expect(bench.logged).toEqual([]);
});
