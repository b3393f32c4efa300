import { describe, expect, it } from "vitest";
import { checkSettings } from "../../../src/synth/rules.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { settingsOf } from "../reference-settings.ts";
import { ofType, properties, templateOf } from "../template.ts";

type FunctionInput = NonNullable<NonNullable<SettingsInput["functions"]>[string]>;
type Events = NonNullable<FunctionInput["events"]>;
const withEvents = (events: Events, own: FunctionInput = {}): SettingsInput => ({
  functions: { orders: { ...own, events } },
});
const existing = "arn:aws:sqs:us-east-1:123456789012:orders";

function eventStatements(template: Awaited<ReturnType<typeof templateOf>>): unknown {
  const policies = properties(template, "OrdersLambdaRole")["Policies"] as {
    PolicyName: string;
    PolicyDocument: { Statement: unknown[] };
  }[];
  return policies.find(({ PolicyName }) => PolicyName === "Events")?.PolicyDocument.Statement;
}

async function mappingIds(events: Events): Promise<string[]> {
  const template = await templateOf(withEvents(events));
  return ofType(template, "AWS::Lambda::EventSourceMapping").map(([id]) => id);
}

describe("an sqs event without a queue", () => {
  it("makes one that hides messages 6 × the timeout, and a dead-letter queue behind it", async () => {
    const template = await templateOf(
      withEvents([{ type: "sqs", batchSize: 100, batchWindow: 5 }], { timeout: 20 }),
    );
    expect(properties(template, "OrdersLambdaSqsQueue")).toMatchObject({
      VisibilityTimeout: 125,
      RedrivePolicy: {
        deadLetterTargetArn: { "Fn::GetAtt": ["OrdersLambdaSqsDeadLetters", "Arn"] },
        maxReceiveCount: 5,
      },
    });
    expect(properties(template, "OrdersLambdaSqsDeadLetters")).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
    });
    expect(template.Outputs?.["OrdersLambdaSqsQueueUrl"]).toMatchObject({
      Value: { Ref: "OrdersLambdaSqsQueue" },
    });
  });

  it("maps it to the function without a qualifier, which runs $LATEST.PUBLISHED", async () => {
    const template = await templateOf(
      withEvents([
        {
          type: "sqs",
          filters: [{ body: { kind: ["order"] } }],
          maximumConcurrency: 7,
          reportBatchItemFailures: true,
          enabled: false,
        },
      ]),
    );
    expect(properties(template, "OrdersLambdaSqsMapping")).toMatchObject({
      FunctionName: { Ref: "OrdersLambda" },
      EventSourceArn: { "Fn::GetAtt": ["OrdersLambdaSqsQueue", "Arn"] },
      BatchSize: 10,
      Enabled: false,
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 7 },
    });
  });

  it("lets the role receive from that queue alone", async () => {
    expect(eventStatements(await templateOf(withEvents([{ type: "sqs" }])))).toEqual([
      {
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource: { "Fn::GetAtt": ["OrdersLambdaSqsQueue", "Arn"] },
      },
    ]);
  });

  it("names it as asked, with the environment, and .fifo for a FIFO queue", async () => {
    const template = await templateOf(
      withEvents([{ type: "sqs", queueName: "jobs", fifo: true }]),
      "prod",
    );
    const queues = ofType(template, "AWS::SQS::Queue").map(([, { Properties }]) => Properties);
    expect(queues.map((queue) => queue?.["QueueName"])).toEqual([
      "jobs-dead-prod.fifo",
      "jobs-prod.fifo",
    ]);
    expect(queues).toMatchObject([{ FifoQueue: true }, { FifoQueue: true }]);
  });
});

describe("an sqs event of a queue that exists", () => {
  it("makes no queue, and permits that one", async () => {
    const template = await templateOf(withEvents([{ type: "sqs", arn: existing }]));
    expect(ofType(template, "AWS::SQS::Queue")).toEqual([]);
    expect(eventStatements(template)).toMatchObject([{ Resource: existing }]);
  });

  it("keeps its logical id wherever it stands in the list", async () => {
    const other = { type: "sqs" as const };
    const one = { type: "sqs" as const, arn: existing };
    expect((await mappingIds([other, one])).toSorted()).toEqual(
      (await mappingIds([one, other])).toSorted(),
    );
  });
});

describe("rules of sqs events", () => {
  const fifo = `${existing}.fifo`;
  it.each<[string, Events, string, RegExp]>([
    [
      "a large batch without a window",
      [{ type: "sqs", batchSize: 11 }],
      "0.batchSize",
      /at most 10/,
    ],
    ["a large FIFO batch", [{ type: "sqs", arn: fifo, batchSize: 11 }], "0.batchSize", /FIFO/],
    ["a FIFO window", [{ type: "sqs", fifo: true, batchWindow: 1 }], "0.batchWindow", /FIFO/],
    [
      "a setting of a queue that exists",
      [{ type: "sqs", arn: existing, maxReceiveCount: 3 }],
      "0.maxReceiveCount",
      /that lmi makes/,
    ],
    ["a queue twice", [{ type: "sqs" }, { type: "sqs" }], "1", /same source as events\.0/],
    [
      "messages that come back while they are worked on",
      [{ type: "sqs", visibilityTimeout: 29 }],
      "0.visibilityTimeout",
      /at least the function's timeout, 30/,
    ],
    [
      "a short visibility timeout",
      [{ type: "sqs", visibilityTimeout: 179 }],
      "0.visibilityTimeout",
      /less than 180/,
    ],
    [
      "concurrency and pollers",
      [{ type: "sqs", maximumConcurrency: 2, pollers: {} }],
      "0.maximumConcurrency",
      /together with pollers/,
    ],
    [
      "pollers",
      [{ type: "sqs", pollers: { minimum: 9, maximum: 8 } }],
      "0.pollers.minimum",
      /more than maximum, 8/,
    ],
  ])("refuse %s", (_what, events, where, message) => {
    const found = checkSettings(settingsOf(withEvents(events)));
    expect(found.map(({ path }) => path.join("."))).toEqual([`functions.orders.events.${where}`]);
    expect(found[0]?.message).toMatch(message);
  });
});
