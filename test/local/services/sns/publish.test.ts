import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
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

test("a queue gets it too, wrapped or raw", async () => {
  const { target, client, TopicArn, publish } = await startTopic();
  const sqs = target.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const subscribed = { TopicArn, Protocol: "sqs", Endpoint: Attributes?.["QueueArn"] };
  await client.send(new SubscribeCommand(subscribed));
  await publish({ Message: "wrapped" });
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(JSON.parse(Messages?.[0]?.Body ?? "")).toMatchObject({ TopicArn, Message: "wrapped" });
});
