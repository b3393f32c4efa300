import { beforeEach, describe, expect, test } from "vitest";
import { eventRule } from "../../../../src/local/cloudformation/resource-types/event-bridge.ts";
import { topic } from "../../../../src/local/cloudformation/resource-types/sns.ts";
import { createEventBridgeService } from "../../../../src/local/services/events/service.ts";
import { createSnsService } from "../../../../src/local/services/sns/service.ts";
import { inProcessTarget, type InProcessTarget } from "../../services/in-process-target.ts";
import { resourceContext } from "./resource-context.ts";

let local: InProcessTarget;
beforeEach(() => {
  local = inProcessTarget([createSnsService, createEventBridgeService]);
});

const contextOf = (logicalId: string) => resourceContext(local, logicalId);

describe("a topic of a stack", () => {
  const properties = { TopicName: "t", DisplayName: "of the stack" };

  test("is not one that is there already", async () => {
    await local.call("sns", "CreateTopic", { Name: "t" });
    await expect(topic.create(properties, contextOf("T"))).rejects.toThrow(/already exists/);
  });

  test("is made once, and its name is free afterwards", async () => {
    const first = await topic.create(properties, contextOf("T"));
    expect(await topic.create(properties, contextOf("T"))).toEqual(first);
    expect(first.physicalId).toBe("arn:aws:sns:eu-west-1:000000000000:t");
    await topic.delete(first.physicalId, properties, contextOf("T"));
    expect(await topic.create(properties, contextOf("Other"))).toEqual(first);
  });
});

describe("a rule of a stack", () => {
  const properties = { Name: "r", EventPattern: { source: ["stack"] } };

  test("is not one that is there already", async () => {
    const EventPattern = '{"source":["own"]}';
    await local.call("events", "PutRule", { Name: "r", EventPattern });
    await expect(eventRule.create(properties, contextOf("R"))).rejects.toThrow(/already exists/);
    const rule = await local.call("events", "DescribeRule", { Name: "r" });
    expect(rule).toMatchObject({ EventPattern });
  });

  test("is made once, and may be called as one of another bus", async () => {
    await local.call("events", "CreateEventBus", { Name: "bus" });
    const first = await eventRule.create(properties, contextOf("R"));
    expect(await eventRule.create(properties, contextOf("R"))).toEqual(first);
    const onBus = { ...properties, EventBusName: "bus" };
    expect(await eventRule.create(onBus, contextOf("Other"))).toMatchObject({
      physicalId: "bus|r",
    });
    await eventRule.delete(first.physicalId, properties, contextOf("R"));
    expect(await eventRule.create(properties, contextOf("Third"))).toEqual(first);
  });
});
