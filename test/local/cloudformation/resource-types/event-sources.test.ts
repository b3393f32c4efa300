import { beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../../../../src/local/cloudformation/resource-type.ts";
import { resourceTypes } from "../../../../src/local/cloudformation/resource-types/registry.ts";
import type { ServiceName } from "../../../../src/local/service.ts";
import { createEventBridgeService } from "../../../../src/local/services/events/service.ts";
import { createS3Service } from "../../../../src/local/services/s3/service.ts";
import { createSnsService } from "../../../../src/local/services/sns/service.ts";
import {
  type Answer,
  inProcessTarget,
  type InProcessTarget,
} from "../../services/in-process-target.ts";
import { resourceContext } from "./resource-context.ts";

let local: InProcessTarget;
beforeEach(() => {
  local = inProcessTarget([createEventBridgeService, createS3Service, createSnsService]);
});

const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:f";

const contextOf = (logicalId: string) =>
  resourceContext(local, logicalId, {
    token: logicalId.toLowerCase(),
    stackTags: [{ Key: "team", Value: "shop" }],
  });

function typeOf(name: string) {
  const type = resourceTypes.get(name);
  if (!type) throw new Error(`${name} is not registered`);
  return type;
}

/** Made as after a restart: twice, the second time to the same effect. */
async function twice(name: string, properties: Properties) {
  const first = await typeOf(name).create(properties, contextOf("Made"));
  expect(await typeOf(name).create(properties, contextOf("Made"))).toEqual(first);
  return first;
}

const call = (service: ServiceName, operation: string, input: object): Promise<Answer> =>
  local.call(service, operation, input);

describe("an EventBridge rule of a stack", () => {
  const rule: Properties = {
    EventPattern: { source: ["shop"] },
    Description: "d",
    Targets: [
      { Id: "f", Arn: functionArn },
      { Id: "g", Arn: functionArn },
    ],
  };

  it("has its targets, and loses those that its template no longer has", async () => {
    const { physicalId: Name, attributes } = await twice("AWS::Events::Rule", rule);
    expect(attributes).toEqual({
      Arn: `arn:aws:events:eu-west-1:000000000000:rule/${Name}`,
      RuleName: Name,
    });
    const after = { EventPattern: { source: ["other"] }, Targets: [{ Id: "g", Arn: functionArn }] };
    await typeOf("AWS::Events::Rule").update(Name, after, rule, contextOf("Made"));
    const changed = await call("events", "DescribeRule", { Name });
    expect(changed.EventPattern).toBe('{"source":["other"]}');
    expect(changed.Description).toBeUndefined();
    const { Targets } = await call("events", "ListTargetsByRule", { Rule: Name });
    expect(Targets).toEqual([{ Id: "g", Arn: functionArn }]);
    await typeOf("AWS::Events::Rule").delete(Name, after, contextOf("Made"));
    await typeOf("AWS::Events::Rule").delete(Name, after, contextOf("Made"));
    expect((await call("events", "ListRules", {})).Rules).toEqual([]);
  });

  it("is named with its bus, where that is another one", async () => {
    const bus = await twice("AWS::Events::EventBus", { Name: "shop" });
    const EventBusName = bus.physicalId;
    const made = await twice("AWS::Events::Rule", { ...rule, EventBusName });
    expect(made.physicalId).toBe("shop|stack-made");
    await typeOf("AWS::Events::Rule").delete(
      made.physicalId,
      { ...rule, EventBusName },
      contextOf("Made"),
    );
    await typeOf("AWS::Events::EventBus").delete("shop", {}, contextOf("Made"));
    expect((await call("events", "ListEventBuses", {})).EventBuses).toHaveLength(1);
  });
});

describe("an SNS topic of a stack", () => {
  it("has its subscription with a filter, which can be taken away again", async () => {
    const { physicalId: TopicArn } = await twice("AWS::SNS::Topic", { DisplayName: "Orders" });
    const own = { TopicArn, Protocol: "lambda", Endpoint: functionArn };
    const filtered = {
      ...own,
      FilterPolicy: { kind: ["order"] },
      FilterPolicyScope: "MessageBody",
      RedrivePolicy: { deadLetterTargetArn: "arn:aws:sqs:eu-west-1:000000000000:failed" },
    };
    const { physicalId: SubscriptionArn } = await twice("AWS::SNS::Subscription", filtered);
    const look = async () =>
      (await call("sns", "GetSubscriptionAttributes", { SubscriptionArn })).Attributes;
    expect(await look()).toMatchObject({
      FilterPolicy: '{"kind":["order"]}',
      FilterPolicyScope: "MessageBody",
    });
    await typeOf("AWS::SNS::Subscription").update(
      SubscriptionArn,
      own,
      filtered,
      contextOf("Made"),
    );
    expect(await look()).not.toHaveProperty("FilterPolicy");
    expect(await look()).not.toHaveProperty("RedrivePolicy");
    expect(await look()).toMatchObject({ FilterPolicyScope: "MessageAttributes" });

    await typeOf("AWS::SNS::Topic").update(TopicArn, {}, { DisplayName: "O" }, contextOf("Made"));
    const { Attributes } = await call("sns", "GetTopicAttributes", { TopicArn });
    expect(Attributes).toMatchObject({ DisplayName: "", SubscriptionsConfirmed: "1" });

    const policy = { Topics: [TopicArn], PolicyDocument: { Version: "2012-10-17" } };
    const { physicalId: policyId } = await twice("AWS::SNS::TopicPolicy", policy);
    await typeOf("AWS::SNS::Topic").delete(TopicArn, {}, contextOf("Made"));
    await typeOf("AWS::SNS::TopicPolicy").delete(policyId, policy, contextOf("Made"));
    await typeOf("AWS::SNS::Subscription").delete(SubscriptionArn, own, contextOf("Made"));
    expect((await call("sns", "ListTopics", {})).Topics).toEqual([]);
  });

  it("of another region is subscribed to by nobody here", async () => {
    const elsewhere = {
      TopicArn: "arn:aws:sns:us-east-1:000000000000:t",
      Protocol: "lambda",
      Endpoint: functionArn,
    };
    const { physicalId } = await twice("AWS::SNS::Subscription", elsewhere);
    await typeOf("AWS::SNS::Subscription").update(physicalId, elsewhere, {}, contextOf("Made"));
    await typeOf("AWS::SNS::Subscription").delete(physicalId, elsewhere, contextOf("Made"));
    expect((await call("sns", "ListSubscriptions", {})).Subscriptions).toEqual([]);
  });
});

it("notifications of a bucket are S3's, until the template no longer has them", async () => {
  const configured = {
    NotificationConfiguration: {
      LambdaConfigurations: [
        {
          Event: "s3:ObjectCreated:*",
          Function: functionArn,
          Filter: { S3Key: { Rules: [{ Name: "prefix", Value: "in/" }] } },
        },
      ],
      EventBridgeConfiguration: {},
    },
  };
  const { physicalId: Bucket } = await twice("AWS::S3::Bucket", configured);
  expect(await call("s3", "GetBucketNotificationConfiguration", { Bucket })).toMatchObject({
    LambdaFunctionConfigurations: [
      {
        LambdaFunctionArn: functionArn,
        Events: ["s3:ObjectCreated:*"],
        Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "in/" }] } },
      },
    ],
    EventBridgeConfiguration: {},
  });
  await typeOf("AWS::S3::Bucket").update(Bucket, {}, configured, contextOf("Made"));
  expect(await call("s3", "GetBucketNotificationConfiguration", { Bucket })).toEqual({});
});
