import { sns } from "./cdk-events.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { permitSource } from "./permission.ts";
import { topicNameOf } from "./source-names.ts";
import type { SnsEvent } from "./sns-schema.ts";

/** A subscription of the function, and its permission for this topic alone. */
export function createSnsEvent(parts: EventParts<SnsEvent>): CreatedEvent {
  const { stack, id, event, target } = parts;
  const topic = event.arn === undefined ? createTopic(parts) : undefined;
  const topicArn = topic?.ref ?? event.arn ?? "";
  const permission = permitSource(parts, { service: "sns", sourceArn: topicArn });
  const { CfnSubscription } = sns();
  const subscription = new CfnSubscription(stack, `${id}Subscription`, {
    topicArn,
    protocol: "lambda",
    endpoint: target.attrArn,
    // A topic of another region is subscribed to there.
    ...(event.arn === undefined ? {} : { region: event.arn.split(":")[3] ?? "" }),
    ...(event.filter === undefined
      ? {}
      : {
          filterPolicy: event.filter,
          filterPolicyScope: event.filterScope === "body" ? "MessageBody" : "MessageAttributes",
        }),
    ...(event.deadLetterArn === undefined
      ? {}
      : { redrivePolicy: { deadLetterTargetArn: event.deadLetterArn } }),
  });
  subscription.addResourceDependency(permission);
  const description = "Topic whose messages call the function";
  return {
    statements: [],
    outputs: topic ? [{ id: `${id}TopicArn`, description, value: topic.ref }] : [],
  };
}

function createTopic({ stack, id, event, environment }: EventParts<SnsEvent>) {
  const topicName = topicNameOf(event, environment);
  const { CfnTopic } = sns();
  return new CfnTopic(stack, `${id}Topic`, {
    ...(topicName === undefined ? {} : { topicName }),
    ...(event.kmsKeyArn === undefined ? {} : { kmsMasterKeyId: event.kmsKeyArn }),
  });
}
