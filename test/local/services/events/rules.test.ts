import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type PutRuleCommandInput,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { startPushBench } from "../push-bench.ts";

async function startRules(rules: readonly { rule: PutRuleCommandInput; to?: Partial<Target> }[]) {
  const bench = await startPushBench();
  const client = bench.target.client(EventBridgeClient);
  for (const { rule, to } of rules) {
    await client.send(new PutRuleCommand(rule));
    const Targets = [{ Id: "f", Arn: bench.functionArn, ...to }];
    await client.send(new PutTargetsCommand({ Rule: rule.Name, Targets }));
  }
  const put = (detail: object, more = {}) =>
    client.send(
      new PutEventsCommand({
        Entries: [{ Source: "shop", DetailType: "Order", Detail: JSON.stringify(detail), ...more }],
      }),
    );
  return { ...bench, client, put };
}

const pattern = (detail: object) => JSON.stringify({ source: ["shop"], detail });

test("an event that matches comes to the function, asynchronously, before PutEvents answers", async () => {
  const { put, came } = await startRules([
    { rule: { Name: "large", EventPattern: pattern({ total: [{ numeric: [">", 10] }] }) } },
    { rule: { Name: "off", EventPattern: pattern({ total: [12] }), State: "DISABLED" } },
  ]);
  await put({ total: 9 });
  expect(came).toEqual([]);
  const { Entries } = await put({ total: 12 }, { Resources: ["arn:a"] });
  expect(came).toEqual([
    {
      type: "Event",
      at: "12:00:00",
      event: {
        version: "0",
        id: Entries?.[0]?.EventId,
        "detail-type": "Order",
        source: "shop",
        account: "000000000000",
        time: "2026-11-25T12:00:00Z",
        region: "us-east-1",
        resources: ["arn:a"],
        detail: { total: 12 },
      },
    },
  ]);
});

test("the function gets a part of it, a text of its own, or what a template makes of it", async () => {
  const every = { EventPattern: pattern({ total: [{ exists: true }] }) };
  const { put, came } = await startRules([
    { rule: { Name: "part", ...every }, to: { InputPath: "$.detail.items[0]" } },
    { rule: { Name: "own", ...every }, to: { Input: '{"own":1}' } },
    {
      rule: { Name: "made", ...every },
      to: {
        InputTransformer: {
          InputPathsMap: { total: "$.detail.total", name: "$.detail.name" },
          InputTemplate:
            '{"sum": <total>, "text": "of <name>", "name": <name>, "rule": "<aws.events.rule-name>"}',
        },
      },
    },
  ]);
  await put({ total: 12, name: 'a "b"', items: [{ sku: 1 }] });
  expect(came.map(({ event }) => event)).toEqual(
    expect.arrayContaining([
      { sku: 1 },
      { own: 1 },
      { sum: 12, text: 'of a "b"', name: 'a "b"', rule: "made" },
    ]),
  );
});

test("what Lambda refuses is tried again beside, and lost in the end", async () => {
  const { put, came, clock, logged, refuse } = await startRules([
    {
      rule: { Name: "r", EventPattern: pattern({ total: [1] }) },
      to: { RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 } },
    },
  ]);
  refuse(2);
  await put({ total: 1 });
  await clock.advance(10_000);
  expect(came.map(({ at }) => at)).toEqual(["12:00:03"]);
  refuse(3);
  await put({ total: 1 });
  await clock.advance(60_000);
  expect(came).toHaveLength(1);
  expect(logged).toContainEqual(expect.stringMatching(/The rule r lost an event .* TooMany/));
});

test("what a function that is gone was to get lies in the dead-letter queue at once", async () => {
  const { target, put, refuse, logged, functionArn } = await startRules([
    {
      rule: { Name: "r", EventPattern: pattern({ total: [1] }) },
      to: { DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:000000000000:dead" } },
    },
  ]);
  const sqs = target.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
  refuse(1, "ResourceNotFoundException");
  await put({ total: 1 });
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }),
  );
  expect(JSON.parse(Messages?.[0]?.Body ?? "")).toMatchObject({ detail: { total: 1 } });
  expect(Messages?.[0]?.MessageAttributes).toMatchObject({
    RULE_ARN: { StringValue: "arn:aws:events:us-east-1:000000000000:rule/r" },
    TARGET_ARN: { StringValue: functionArn },
    ERROR_CODE: { StringValue: "ResourceNotFoundException" },
    RETRY_ATTEMPTS: { StringValue: "0" },
  });
  expect(logged).toEqual([]);
});
