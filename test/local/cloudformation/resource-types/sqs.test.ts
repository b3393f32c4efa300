import { beforeEach, describe, expect, it } from "vitest";
import { readLive } from "../../../../src/local/cloudformation/drift/detect.ts";
import type { Properties } from "../../../../src/local/cloudformation/resource-type.ts";
import { queue, queuePolicy } from "../../../../src/local/cloudformation/resource-types/sqs.ts";
import { createSqsService } from "../../../../src/local/services/sqs/service.ts";
import { inProcessTarget, type InProcessTarget } from "../../services/in-process-target.ts";
import { resourceContext } from "./resource-context.ts";

let local: InProcessTarget;
beforeEach(() => {
  local = inProcessTarget([createSqsService]);
});

const contextOf = (logicalId: string, token = logicalId) =>
  resourceContext(local, logicalId, { token, stackTags: [{ Key: "team", Value: "orders" }] });

async function attributes(QueueUrl: string) {
  const input = { QueueUrl, AttributeNames: ["All"] };
  const answer = await local.call("sqs", "GetQueueAttributes", input);
  return answer["Attributes"] as Record<string, string>;
}

const live = (physicalId: string, properties: Properties, type = queue.type) =>
  readLive({ context: local.target }, { type, physicalId, properties }, local.caller);

describe("a queue of a stack", () => {
  it("is made once, with a name, an ARN and a URL", async () => {
    const dead = await queue.create({ MessageRetentionPeriod: 1_209_600 }, contextOf("Dead"));
    const properties = {
      VisibilityTimeout: "180",
      RedrivePolicy: { deadLetterTargetArn: dead.attributes["Arn"], maxReceiveCount: 5 },
    };
    const first = await queue.create(properties, contextOf("Jobs"));
    expect(await queue.create(properties, contextOf("Jobs"))).toEqual(first);
    expect(first.attributes).toEqual({
      Arn: "arn:aws:sqs:eu-west-1:000000000000:stack-Jobs",
      QueueName: "stack-Jobs",
      QueueUrl: first.physicalId,
    });
    expect(await attributes(first.physicalId)).toMatchObject({ VisibilityTimeout: "180" });
    expect(await live(first.physicalId, properties)).toMatchObject({
      VisibilityTimeout: 180,
      RedrivePolicy: properties.RedrivePolicy,
    });
    const { Tags } = await local.call("sqs", "ListQueueTags", { QueueUrl: first.physicalId });
    expect(Tags).toEqual({ team: "orders" });
  });

  it("is not taken over from another stack", async () => {
    await queue.create({ QueueName: "jobs" }, contextOf("Jobs"));
    const other = queue.create({ QueueName: "jobs" }, contextOf("Other"));
    await expect(other).rejects.toMatchObject({ code: "QueueNameExists" });
  });

  it("follows its properties, also those that the template no longer has", async () => {
    const before = { FifoQueue: true, DelaySeconds: 5, ContentBasedDeduplication: "true" };
    const { physicalId } = await queue.create(before, contextOf("Jobs"));
    expect(physicalId.endsWith(".fifo")).toBe(true);
    const after = { FifoQueue: true, VisibilityTimeout: 60 };
    await queue.update(physicalId, after, before, contextOf("Jobs"));
    expect(await attributes(physicalId)).toMatchObject({
      DelaySeconds: "0",
      ContentBasedDeduplication: "false",
      VisibilityTimeout: "60",
    });
    await queue.delete(physicalId, after, contextOf("Jobs"));
    await queue.delete(physicalId, after, contextOf("Jobs"));
    expect(await live(physicalId, after)).toBeUndefined();
  });

  it("has the policy that another resource gives it, and loses it with that", async () => {
    const { physicalId: url } = await queue.create({}, contextOf("Jobs"));
    const properties = { Queues: [url], PolicyDocument: { Version: "2012-10-17", Statement: [] } };
    const policy = await queuePolicy.create(properties, contextOf("Policy"));
    expect(JSON.parse((await attributes(url))["Policy"] ?? "")).toEqual(properties.PolicyDocument);
    expect(await live("id", properties, queuePolicy.type)).toEqual(properties);
    await queuePolicy.delete(policy.physicalId, properties, contextOf("Policy"));
    expect((await attributes(url))["Policy"]).toBeUndefined();
  });
});
