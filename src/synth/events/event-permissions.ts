import { destinationStatements } from "../destination-policy.ts";
import type { PolicyStatement } from "../settings.ts";

export const allow = (Action: readonly string[], Resource: string): PolicyStatement => ({
  Effect: "Allow",
  Action,
  Resource,
});

/** Records of what was given up are sent with the execution role; a Kafka topic needs nothing of IAM here. */
export function failureStatements(onFailure: string | undefined): PolicyStatement[] {
  return onFailure === undefined || onFailure.startsWith("kafka://")
    ? []
    : destinationStatements({ onSuccess: undefined, onFailure });
}
