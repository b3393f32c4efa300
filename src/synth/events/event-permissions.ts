import { destinationStatements } from "../destination-policy.ts";
import type { PolicyStatement } from "../settings.ts";

/**
 * Records of what was given up are sent with the execution role. A Kafka topic is one of the source's own cluster: what
 * it takes to write there depends on how Lambda proves itself to the cluster (kafka.ts).
 */
export function failureStatements(onFailure: string | undefined): PolicyStatement[] {
  return onFailure === undefined || onFailure.startsWith("kafka://")
    ? []
    : destinationStatements({ onSuccess: undefined, onFailure });
}
