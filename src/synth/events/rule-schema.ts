import { z } from "zod";
import { refinements } from "../refinements.ts";
import { matching } from "../setting-values.ts";
import { input, maxAge, pushes, queueArn, retries, sourceName } from "./pushing-schema.ts";

/** Amazon EventBridge user guide, eb-event-patterns; API reference, PutRule and PutTargets. */
export const ruleEvent = () =>
  z
    .strictObject({
      type: z.literal("rule").describe("Events of an EventBridge bus."),
      name: sourceName.describe(
        "Tells rules of one function apart, so that its pattern can change without a new rule.",
      ),
      pattern: z
        .record(z.string(), z.unknown(), { error: "must be an object: an event pattern" })
        .refine(refinements.eventPattern, {
          error: "must be at most 4096 characters as JSON",
        })
        .describe('Which events: EventBridge\'s words, such as { "source": ["aws.ec2"] }.'),
      bus: matching(
        /^(?:arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/)?[/.\w-]{1,256}$/,
        "must be the name or the ARN of an event bus",
      )
        .default("default")
        .describe("Name or ARN of the event bus."),
      input: input.describe("What the function gets instead of the event."),
      inputPath: matching(/^\$(?:\.\S+|\[.*)?$/, "must be a JSON path such as $.detail")
        .optional()
        .describe("The part of the event that the function gets, such as $.detail."),
      retries,
      maxAge,
      deadLetterArn: queueArn
        .optional()
        .describe(
          "SQS queue for what could not be handed over to Lambda; its policy must let EventBridge send.",
        ),
      enabled: pushes,
    })
    .describe("Events of an EventBridge bus.");

export type RuleEvent = z.output<ReturnType<typeof ruleEvent>>;
