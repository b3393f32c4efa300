import { beforeEach, describe, expect, it } from "vitest";
import { readLive } from "../../../../src/local/cloudformation/drift/detect.ts";
import type {
  Properties,
  ResourceContext,
} from "../../../../src/local/cloudformation/resource-type.ts";
import { eventSourceMapping } from "../../../../src/local/cloudformation/resource-types/lambda-event-source.ts";
import type { LambdaBench } from "../../services/lambda/lambda-bench.ts";
import { account, region, startLambda } from "../../services/lambda/lambda-bench.ts";

let lambda: LambdaBench;
beforeEach(async () => {
  lambda = await startLambda({ autoscaling: false });
  await lambda.createProvider();
  await lambda.createFunction("queue-worker.mjs");
  await call("sqs", "CreateQueue", { QueueName: "jobs" });
});

const caller = {
  region,
  accountId: account,
  requestId: "request",
  accessKeyId: "lmi-local",
  signal: new AbortController().signal,
};
const call = async (service: "lambda" | "sqs", operation: string, input: object) =>
  service === "sqs"
    ? lambda.target.call<Record<string, unknown>>(service, operation, input, caller)
    : lambda.call(operation, input);

const contextOf = (logicalId: string): ResourceContext => ({
  ...lambda.target,
  call: async (service, operation, input, context) =>
    service === "lambda"
      ? ((await lambda.call(operation, input)) as never)
      : lambda.target.call(service, operation, input, context),
  caller,
  stackName: "stack",
  stackId: "arn:stack",
  logicalId,
  generateName: (maxLength) => `stack-${logicalId}`.slice(0, maxLength),
  stackTags: [{ Key: "team", Value: "orders" }],
  signal: caller.signal,
});

const queue: Properties = {
  FunctionName: "f",
  EventSourceArn: `arn:aws:sqs:${region}:${account}:jobs`,
  BatchSize: "5",
  Enabled: "false",
  FilterCriteria: { Filters: [{ Pattern: '{"body":["a"]}' }] },
  ScalingConfig: { MaximumConcurrency: "3" },
};
const live = (physicalId: string, properties: Properties) =>
  readLive(
    { context: contextOf("Mapping") },
    { type: eventSourceMapping.type, physicalId, properties },
    caller,
  );

describe("a mapping of a stack", () => {
  it("is made once, and read back as it was given", async () => {
    const first = await eventSourceMapping.create(queue, contextOf("Mapping"));
    expect(await eventSourceMapping.create(queue, contextOf("Mapping"))).toEqual(first);
    expect(first.attributes).toEqual({
      Id: first.physicalId,
      EventSourceMappingArn: `arn:aws:lambda:${region}:${account}:event-source-mapping:${first.physicalId}`,
    });
    expect(await live(first.physicalId, queue)).toMatchObject({
      ...queue,
      BatchSize: 5,
      Enabled: false,
      ScalingConfig: { MaximumConcurrency: 3 },
      Tags: [{ Key: "team", Value: "orders" }],
    });
  });

  it("is not taken over from another stack", async () => {
    await eventSourceMapping.create(queue, contextOf("Mapping"));
    await expect(eventSourceMapping.create(queue, contextOf("Other"))).rejects.toMatchObject({
      code: "ResourceConflictException",
    });
  });

  it("follows its properties, also those that the template no longer has, and is gone once deleted", async () => {
    const { physicalId } = await eventSourceMapping.create(queue, contextOf("Mapping"));
    const { FunctionName, EventSourceArn } = queue;
    const after = {
      FunctionName,
      EventSourceArn,
      Enabled: false,
      Tags: [{ Key: "a", Value: "1" }],
    };
    await eventSourceMapping.update(physicalId, after, queue, contextOf("Mapping"));
    expect(await live(physicalId, after)).toMatchObject({
      BatchSize: 10,
      FilterCriteria: { Filters: [] },
      ScalingConfig: {},
      Tags: [
        { Key: "team", Value: "orders" },
        { Key: "a", Value: "1" },
      ],
    });
    await eventSourceMapping.delete(physicalId, after, contextOf("Mapping"));
    await eventSourceMapping.delete(physicalId, after, contextOf("Mapping"));
    expect(await live(physicalId, after)).toBeUndefined();
  });

  it("of a Kafka cluster and of a stream is kept with all that they need", async () => {
    const kafka = {
      FunctionName: "f",
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ["b1.example.com:9096"] } },
      Topics: ["clicks"],
      StartingPosition: "LATEST",
      SourceAccessConfigurations: [{ Type: "BASIC_AUTH", URI: "arn:aws:secretsmanager:x" }],
    };
    const { physicalId } = await eventSourceMapping.create(kafka, contextOf("Kafka"));
    expect(await lambda.call("GetEventSourceMapping", { UUID: physicalId })).toMatchObject({
      State: "Enabled",
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ["b1.example.com:9096"] } },
      Topics: ["clicks"],
    });
    const stream = {
      FunctionName: "f",
      EventSourceArn: `arn:aws:kinesis:${region}:${account}:stream/clicks`,
      StartingPosition: "AT_TIMESTAMP",
      StartingPositionTimestamp: "1795597200",
    };
    const made = await eventSourceMapping.create(stream, contextOf("Stream"));
    const found = await lambda.call("GetEventSourceMapping", { UUID: made.physicalId });
    expect(found).toMatchObject({ StartingPositionTimestamp: new Date(1_795_597_200_000) });
  });
});
