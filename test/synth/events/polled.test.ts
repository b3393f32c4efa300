import { describe, expect, it } from "vitest";
import { checkSettings } from "../../../src/synth/rules.ts";
import { settingsSchema, type SettingsInput } from "../../../src/synth/settings-schema.ts";
import { settingsOf } from "../reference-settings.ts";
import { ofType, properties, templateOf } from "../template.ts";

type FunctionInput = NonNullable<NonNullable<SettingsInput["functions"]>[string]>;
type Event = NonNullable<FunctionInput["events"]>[number];
const withEvent = (event: Event): SettingsInput => ({ functions: { f: { events: [event] } } });

const account = "us-east-1:123456789012";
const cluster = `arn:aws:kafka:${account}:cluster/events/0123abcd-1`;
const secretArn = `arn:aws:secretsmanager:${account}:secret:kafka-a1b2c3`;
const failed = `arn:aws:sqs:${account}:failed`;
const stream = `arn:aws:kinesis:${account}:stream/clicks`;
const dynamodb = {
  type: "dynamodb" as const,
  arn: `arn:aws:dynamodb:${account}:table/orders/stream/2026-11-25T09:00:00.000`,
  startingPosition: "LATEST" as const,
};
const msk = {
  type: "msk" as const,
  arn: cluster,
  topic: "clicks",
  startingPosition: "TRIM_HORIZON" as const,
};
const kafka = {
  type: "kafka" as const,
  bootstrapServers: ["b1.example.com:9096"],
  topic: "clicks",
  startingPosition: "LATEST" as const,
};

async function mappingOf(event: Event) {
  const template = await templateOf(withEvent(event));
  const [[, mapping] = []] = ofType(template, "AWS::Lambda::EventSourceMapping");
  const policies = properties(template, "FLambdaRole")["Policies"] as {
    PolicyName: string;
    PolicyDocument: { Statement: { Action: string[]; Resource: unknown }[] };
  }[];
  const own = policies.find(({ PolicyName }) => PolicyName === "Events");
  return { mapping: mapping?.Properties, statements: own?.PolicyDocument.Statement ?? [] };
}

describe("streams", () => {
  it("map with all that is said of batches and failures", async () => {
    const { mapping } = await mappingOf({
      ...dynamodb,
      batchSize: 500,
      batchWindow: 3,
      bisectOnError: true,
      retryAttempts: 4,
      maxRecordAge: 60,
      onFailure: failed,
      tumblingWindow: 30,
      parallelization: 10,
      reportBatchItemFailures: true,
    });
    expect(mapping).toEqual({
      FunctionName: { Ref: "FLambda" },
      EventSourceArn: dynamodb.arn,
      Enabled: true,
      StartingPosition: "LATEST",
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 3,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 4,
      MaximumRecordAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: failed } },
      TumblingWindowInSeconds: 30,
      ParallelizationFactor: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("let the role read that stream and tell of failures, no more", async () => {
    const { statements } = await mappingOf({ ...dynamodb, onFailure: failed });
    expect(statements).toMatchObject([
      {
        Action: ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"],
        Resource: dynamodb.arn,
      },
      { Action: ["dynamodb:ListStreams"], Resource: "*" },
      { Action: "sqs:SendMessage", Resource: failed },
    ]);
  });

  it("begin at a time, in seconds, and may be read by a consumer", async () => {
    const consumer = `${stream}/consumer/fast:1732525200`;
    const { mapping, statements } = await mappingOf({
      type: "kinesis",
      arn: consumer,
      startingPosition: "AT_TIMESTAMP",
      startingTimestamp: "2026-11-25T10:00:00+01:00",
    });
    expect(mapping).toMatchObject({
      StartingPosition: "AT_TIMESTAMP",
      StartingPositionTimestamp: 1_795_597_200,
    });
    expect(statements.map(({ Resource }) => Resource)).toEqual([stream, consumer]);
  });
});

describe("topics", () => {
  it("of MSK are read by IAM without secrets", async () => {
    const { mapping, statements } = await mappingOf({ ...msk, consumerGroup: "lmi" });
    expect(mapping).toMatchObject({
      EventSourceArn: cluster,
      Topics: ["clicks"],
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: "lmi" },
    });
    const resources = statements.map(({ Resource }) => Resource);
    expect(resources).toContain(`arn:aws:kafka:${account}:topic/events/0123abcd-1/clicks`);
    expect(resources).toContain(`arn:aws:kafka:${account}:group/events/0123abcd-1/lmi`);
  });

  it("of MSK for what fails may be written by IAM", async () => {
    const writing = {
      Effect: "Allow",
      Action: ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"],
    };
    const { statements } = await mappingOf({ ...msk, onFailure: "kafka://failed" });
    expect(statements).toContainEqual({
      ...writing,
      Resource: `arn:aws:kafka:${account}:topic/events/0123abcd-1/failed`,
    });
    const arn = `arn:aws:kafka:${account}:vpc-connection/210987654321/events/0123abcd-1`;
    const connected = await mappingOf({ ...msk, arn, onFailure: "kafka://failed" });
    expect(connected.statements).toContainEqual({
      ...writing,
      Resource: "arn:aws:kafka:us-east-1:*:topic/*/*/failed",
    });
  });

  it("of MSK are read with a secret, and then by no IAM of the cluster", async () => {
    const auth = { type: "SASL_SCRAM_512_AUTH" as const, secretArn };
    const { mapping, statements } = await mappingOf({ ...msk, auth, onFailure: "kafka://failed" });
    expect(mapping).toMatchObject({
      SourceAccessConfigurations: [{ Type: "SASL_SCRAM_512_AUTH", URI: secretArn }],
    });
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions).toContain("secretsmanager:GetSecretValue");
    expect(actions.filter((action) => action.startsWith("kafka-cluster:"))).toEqual([]);
  });

  it("of other clusters are reached in a VPC", async () => {
    const { mapping, statements } = await mappingOf({
      ...kafka,
      auth: { type: "BASIC_AUTH", secretArn },
      vpc: { subnetIds: ["subnet-01234567"], securityGroupIds: ["sg-01234567"] },
      pollers: { minimum: 1, maximum: 4, group: "shared" },
      onFailure: "kafka://failed",
    });
    expect(mapping).toMatchObject({
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ["b1.example.com:9096"] } },
      SourceAccessConfigurations: [
        { Type: "BASIC_AUTH", URI: secretArn },
        { Type: "VPC_SUBNET", URI: "subnet:subnet-01234567" },
        { Type: "VPC_SECURITY_GROUP", URI: "security_group:sg-01234567" },
      ],
      ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4, PollerGroupName: "shared" },
      DestinationConfig: { OnFailure: { Destination: "kafka://failed" } },
    });
    expect(statements.flatMap(({ Action }) => Action)).toContain("ec2:CreateNetworkInterface");
  });
});

describe("what is wrong with polled sources", () => {
  it.each<[string, Event, string, RegExp]>([
    [
      "a position without its time",
      { type: "kinesis", arn: stream, startingPosition: "AT_TIMESTAMP" },
      "0.startingTimestamp",
      /is missing/,
    ],
    [
      "a time without its position",
      { ...msk, startingTimestamp: "2026-11-25T10:00:00Z" },
      "0.startingTimestamp",
      /it is TRIM_HORIZON/,
    ],
    [
      "error controls of Kafka without pollers",
      { ...msk, retryAttempts: 1 },
      "0.retryAttempts",
      /only with pollers/,
    ],
    ["brokers that ask nobody", kafka, "0", /must have auth, vpc/],
    [
      "a topic that gets its own failures",
      { ...msk, onFailure: "kafka://clicks" },
      "0.onFailure",
      /is the topic that the function reads/,
    ],
    [
      "pollers",
      { ...msk, pollers: { minimum: 3, maximum: 2 } },
      "0.pollers.minimum",
      /more than maximum, 2/,
    ],
  ])("rules tell of %s", (_what, event, where, message) => {
    const found = checkSettings(settingsOf(withEvent(event)));
    expect(found.map(({ path }) => path.join("."))).toEqual([`functions.f.events.${where}`]);
    expect(found[0]?.message).toMatch(message);
  });

  it.each([
    [{ ...dynamodb, arn: `arn:aws:dynamodb:${account}:table/orders` }],
    [{ ...dynamodb, startingPosition: "AT_TIMESTAMP" }],
    [{ ...dynamodb, startingPosition: undefined }],
    [{ ...dynamodb, maxRecordAge: 30 }],
    [{ ...dynamodb, parallelization: 11 }],
    [{ ...dynamodb, tumblingWindow: 901 }],
    [{ ...dynamodb, onFailure: `${failed}.fifo` }],
    [{ ...dynamodb, topic: "x" }],
    [{ ...msk, topic: ".hidden" }],
    [{ ...msk, topic: "x" }],
    [{ ...msk, onFailure: "kafka://dlq" }],
    [{ ...msk, auth: { type: "BASIC_AUTH", secretArn } }],
    [{ ...kafka, bootstrapServers: ["b1.example.com"] }],
    [{ ...kafka, vpc: { subnetIds: [] } }],
  ])("the schema refuses %j", (event) => {
    const parsed = settingsSchema.safeParse({ functions: { f: { events: [event] } } });
    expect(parsed.error?.issues.map(({ path }) => path.slice(0, 4))).toEqual(
      parsed.error?.issues.map(() => ["functions", "f", "events", 0]),
    );
    expect(parsed.success).toBe(false);
  });
});
