import { destinationStatements } from "../destination-policy.ts";
import type { PolicyStatement } from "../settings.ts";

export const allow = (Action: readonly string[], Resource: string): PolicyStatement => ({
  Effect: "Allow",
  Action,
  Resource,
});

/**
 * Records of what was given up are sent with the execution role. A Kafka topic is one of the source's own cluster: what
 * it takes to write there depends on how Lambda proves itself to the cluster (kafka.ts).
 */
export function failureStatements(onFailure: string | undefined): PolicyStatement[] {
  return onFailure === undefined || onFailure.startsWith("kafka://")
    ? []
    : destinationStatements({ onSuccess: undefined, onFailure });
}
