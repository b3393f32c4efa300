import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import { jumpClock } from "../lambda/jump-clock.ts";

/** A target whose clock the test moves, and an SDK client that nobody here wrote: it checks MD5 sums by itself. */
async function bench(stateDir?: string) {
  const clock = jumpClock();
  const target = await startTestTarget({ clock, ...(stateDir ? { stateDir } : {}) });
  const client = target.client(SQSClient);
  const create = async (QueueName: string, Attributes: Record<string, string> = {}) => {
    const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    return queue(client, QueueUrl);
  };
  return { clock, target, client, create, queue: (url: string) => queue(client, url) };
}

function queue(client: SQSClient, QueueUrl: string) {
  return {
    url: QueueUrl,
    send: (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    receive: async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
      const input = { QueueUrl, MaxNumberOfMessages: 10, ...more };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(input));
      return Messages;
    },
    remove: ({ ReceiptHandle }: Message) =>
      client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    hide: ({ ReceiptHandle }: Message, VisibilityTimeout: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
      ),
    attributes: async () => {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
      );
      return Attributes ?? {};
    },
    set: (Attributes: Record<string, string>) =>
      client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })),
  };
}

const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);

describe("a message", () => {
  it("comes as it was sent, with its attributes", async () => {
    const { create } = await bench();
    const jobs = await create("jobs");
    const MessageAttributes = {
      kind: { DataType: "String", StringValue: "order" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) },
      price: { DataType: "Number.EUR", StringValue: "12.5" },
    };
    await jobs.send("žluťoučký 🐎", { MessageAttributes });
    const [message] = await jobs.receive({
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    });
    expect(message).toMatchObject({
      Body: "žluťoučký 🐎",
      MessageAttributes,
      Attributes: { ApproximateReceiveCount: "1", SenderId: "lmi-local" },
    });
  });

  it("is hidden once it was received, comes back after the visibility timeout, and is gone once deleted", async () => {
    const { create, clock } = await bench();
    const jobs = await create("jobs", { VisibilityTimeout: "30" });
    await jobs.send("one");
    expect(bodies(await jobs.receive())).toEqual(["one"]);
    expect(await jobs.attributes()).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "1",
    });
    clock.jump(29_999);
    expect(await jobs.receive()).toEqual([]);
    clock.jump(1);
    const [again] = await jobs.receive();
    await jobs.remove(again ?? {});
    clock.jump(60_000);
    expect(await jobs.receive()).toEqual([]);
  });

  it("stays where only a handle of an earlier time is deleted", async () => {
    const { create, clock } = await bench();
    const jobs = await create("jobs");
    await jobs.send("one");
    const [first] = await jobs.receive();
    clock.jump(30_000);
    await jobs.receive();
    await jobs.remove(first ?? {});
    clock.jump(30_000);
    expect(bodies(await jobs.receive())).toEqual(["one"]);
  });

  it("is given back at once by a visibility of 0, and cannot be hidden when it is not in flight", async () => {
    const { create } = await bench();
    const jobs = await create("jobs");
    await jobs.send("one");
    const [message = {}] = await jobs.receive();
    await jobs.hide(message, 0);
    await expect(jobs.hide(message, 10)).rejects.toMatchObject({ name: "MessageNotInflight" });
    expect(bodies(await jobs.receive())).toEqual(["one"]);
  });

  it("waits for its delay, and goes when the queue keeps it no longer", async () => {
    const { create, clock } = await bench();
    const jobs = await create("jobs", { MessageRetentionPeriod: "60" });
    await jobs.send("later", { DelaySeconds: 10 });
    expect(await jobs.receive()).toEqual([]);
    clock.jump(10_000);
    expect(bodies(await jobs.receive({ VisibilityTimeout: 0 }))).toEqual(["later"]);
    clock.jump(50_000);
    expect(await jobs.receive()).toEqual([]);
  });

  it("goes to the dead-letter queue when it was received too often", async () => {
    const { create, client } = await bench();
    const dead = await create("dead");
    const { QueueArn = "" } = await dead.attributes();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 2 });
    const jobs = await create("jobs", { RedrivePolicy, VisibilityTimeout: "0" });
    await jobs.send("poison");
    await jobs.receive();
    await jobs.receive();
    expect(await jobs.receive()).toEqual([]);
    const [moved] = await dead.receive({ MessageSystemAttributeNames: ["All"] });
    expect(moved).toMatchObject({
      Body: "poison",
      Attributes: { DeadLetterQueueSourceArn: expect.stringContaining(":jobs") as string },
    });
    const sources = await client.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.url }),
    );
    expect(sources.queueUrls).toEqual([jobs.url]);
  });

  it("survives a restart, also in flight", async () => {
    const stateDir = await temporaryFolder();
    const first = await bench(stateDir);
    const before = await first.create("jobs");
    await before.send("seen");
    const [seen = {}] = await before.receive();
    await before.send("waiting");
    await first.target.close();
    const second = await bench(stateDir);
    const jobs = second.queue(before.url);
    expect(bodies(await jobs.receive())).toEqual(["waiting"]);
    await jobs.remove(seen);
    second.clock.jump(60_000);
    expect(bodies(await jobs.receive())).toEqual(["waiting"]);
  });

  it("ends the wait of a receiver", async () => {
    const { create, clock } = await bench();
    const jobs = await create("jobs");
    const waiting = jobs.receive({ WaitTimeSeconds: 20 });
    await expect.poll(() => clock.sleeps()).toContain(20_000);
    await jobs.send("at last");
    expect(bodies(await waiting)).toEqual(["at last"]);
    const inVain = jobs.receive({ WaitTimeSeconds: 5 });
    await expect.poll(() => clock.sleeps()).toContain(5000);
    clock.jump(5000);
    expect(await inVain).toEqual([]);
  });
});

describe("a FIFO queue", () => {
  it("gives a group's messages in their order, and no more of it while some are in flight", async () => {
    const { create } = await bench();
    const jobs = await create("jobs.fifo", {
      FifoQueue: "true",
      ContentBasedDeduplication: "true",
    });
    for (const [MessageGroupId, body] of [
      ["a", "a1"],
      ["b", "b1"],
      ["a", "a2"],
    ] as const) {
      await jobs.send(body, { MessageGroupId });
    }
    const [first = {}] = await jobs.receive({ MaxNumberOfMessages: 1 });
    expect(first.Body).toBe("a1");
    expect(bodies(await jobs.receive())).toEqual(["b1"]);
    await jobs.remove(first);
    expect(bodies(await jobs.receive())).toEqual(["a2"]);
  });

  it("takes the same message once in five minutes", async () => {
    const { create, clock } = await bench();
    const jobs = await create("jobs.fifo", { FifoQueue: "true" });
    const again = { MessageGroupId: "a", MessageDeduplicationId: "x" };
    const { MessageId } = await jobs.send("one", again);
    expect((await jobs.send("two", again)).MessageId).toBe(MessageId);
    expect(await jobs.attributes()).toMatchObject({ ApproximateNumberOfMessages: "1" });
    clock.jump(300_000);
    expect((await jobs.send("three", again)).MessageId).not.toBe(MessageId);
  });

  it("refuses messages without a group or something to tell them apart", async () => {
    const { create } = await bench();
    const jobs = await create("jobs.fifo", { FifoQueue: "true" });
    await expect(jobs.send("x")).rejects.toMatchObject({ name: "MissingParameter" });
    await expect(jobs.send("x", { MessageGroupId: "a" })).rejects.toThrow(
      /ContentBasedDeduplication/,
    );
  });
});

describe("queues", () => {
  it("are made once, found, listed, emptied and deleted", async () => {
    const { create, client } = await bench();
    const jobs = await create("jobs", { DelaySeconds: "0" });
    expect((await create("jobs")).url).toBe(jobs.url);
    await expect(create("jobs", { DelaySeconds: "3" })).rejects.toMatchObject({
      name: "QueueNameExists",
    });
    await jobs.set({ VisibilityTimeout: "7" });
    expect(await jobs.attributes()).toMatchObject({ VisibilityTimeout: "7", DelaySeconds: "0" });
    const found = await client.send(new GetQueueUrlCommand({ QueueName: "jobs" }));
    expect(found.QueueUrl).toBe(jobs.url);
    await jobs.send("x");
    await client.send(new PurgeQueueCommand({ QueueUrl: jobs.url }));
    expect(await jobs.receive()).toEqual([]);
    const listed = await client.send(new ListQueuesCommand({ QueueNamePrefix: "jo" }));
    expect(listed.QueueUrls).toEqual([jobs.url]);
    await client.send(new DeleteQueueCommand({ QueueUrl: jobs.url }));
    await expect(jobs.send("x")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  it("tell of each entry of a batch for itself", async () => {
    const { create, client } = await bench();
    const { url: QueueUrl, receive } = await create("jobs");
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "good" },
          { Id: "b", MessageBody: "bad\u0000" },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["a"]);
    expect(sent.Failed).toMatchObject([{ Id: "b", Code: "InvalidMessageContents" }]);
    const [message] = await receive();
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", ReceiptHandle: message?.ReceiptHandle },
          { Id: "b", ReceiptHandle: "nonsense" },
        ],
      }),
    );
    expect(deleted.Failed).toMatchObject([{ Id: "b", Code: "ReceiptHandleIsInvalid" }]);
    await expect(
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })),
    ).rejects.toMatchObject({ name: "EmptyBatchRequest" });
  });

  it.each<[string, Record<string, string>, string]>([
    ["a hidden time beyond 12 hours", { VisibilityTimeout: "43201" }, "InvalidAttributeValue"],
    ["text for a number", { DelaySeconds: "soon" }, "InvalidAttributeValue"],
    ["an attribute that there is none of", { Colour: "blue" }, "InvalidAttributeName"],
    ["FIFO's own", { ContentBasedDeduplication: "true" }, "InvalidAttributeName"],
    ["a redrive without a queue", { RedrivePolicy: "{}" }, "InvalidAttributeValue"],
    ["what only is counted", { ApproximateNumberOfMessages: "1" }, "InvalidAttributeName"],
  ])("refuse %s", async (_what, attributes, name) => {
    const { create } = await bench();
    await expect(create("jobs", attributes)).rejects.toMatchObject({ name });
    const jobs = await create("jobs");
    await expect(jobs.set(attributes)).rejects.toMatchObject({ name });
  });
});
