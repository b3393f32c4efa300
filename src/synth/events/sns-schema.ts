import { z } from "zod";
import { arn, kmsKeyArn, matching } from "../setting-values.ts";
import { queueArn } from "./pushing-schema.ts";

/** Amazon SNS API reference, CreateTopic and Subscribe; developer guide, sns-message-filtering. */
export const snsEvent = () =>
  z
    .strictObject({
      type: z.literal("sns").describe("Messages of an SNS topic."),
      arn: arn(
        /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/,
        "arn:aws:sns:us-east-1:123456789012:orders",
      )
        .optional()
        .describe("The topic. Without it lmi makes one."),
      topicName: matching(/^[\w-]{1,200}$/, "must be 1 to 200 letters, digits, - and _")
        .optional()
        .describe("Name of the topic that lmi makes. Default: CloudFormation chooses one."),
      kmsKeyArn: kmsKeyArn
        .optional()
        .describe("Key that the topic of lmi's making is encrypted with."),
      filter: z
        .record(z.string(), z.unknown(), { error: "must be an object: a filter policy" })
        .optional()
        .describe("Only messages that match this filter policy reach the function."),
      filterScope: z
        .enum(["attributes", "body"])
        .optional()
        .describe(
          "What the filter looks at: the message's attributes, or its body as JSON. Default: attributes.",
        ),
      deadLetterArn: queueArn
        .optional()
        .describe(
          "SQS queue for what could not be handed over to Lambda; its policy must let the topic send.",
        ),
    })
    .describe("Messages of an SNS topic.");

export type SnsEvent = z.output<ReturnType<typeof snsEvent>>;
