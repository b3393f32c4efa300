import type { EventFacts, EventFinding } from "./event-facts.ts";
import type { KafkaEvent, MskEvent } from "./kafka-schema.ts";
import { filterFindings } from "./pattern-findings.ts";
import { pollerRules, timestampRules } from "./polling-rules.ts";

export const mskFacts: EventFacts<MskEvent> = {
  identity: ({ arn, topic }) => `${arn} ${topic}`,
  rules: kafkaRules,
};

export const kafkaFacts: EventFacts<KafkaEvent> = {
  identity: ({ bootstrapServers, topic }) => `${bootstrapServers.join(",")} ${topic}`,
  rules: (event) => [...kafkaRules(event), ...vpcRules(event)],
};

function kafkaRules(event: MskEvent | KafkaEvent): EventFinding[] {
  return [
    ...filterFindings(event),
    ...timestampRules(event),
    ...pollerRules(event.pollers ?? {}),
    ...errorControlRules(event),
    ...loopRules(event),
  ];
}

/** Lambda developer guide, kafka-retry-configurations: the controls are offered in provisioned mode. */
function errorControlRules(event: MskEvent | KafkaEvent): EventFinding[] {
  if (event.pollers !== undefined) return [];
  const controls = {
    bisectOnError: event.bisectOnError,
    retryAttempts: event.retryAttempts !== undefined,
    maxRecordAge: event.maxRecordAge !== undefined,
    reportBatchItemFailures: event.reportBatchItemFailures,
  };
  return Object.entries(controls)
    .filter(([, used]) => used)
    .map(([key]) => ({
      key,
      value: event[key as keyof typeof controls],
      message: "is known to work for Kafka only with pollers (provisioned mode)",
      code: "event-kafka-retries",
      severity: "warning" as const,
    }));
}

/** Lambda developer guide, kafka-on-failure-destination: Lambda refuses to write to the topic that it reads. */
function loopRules({ topic, onFailure }: MskEvent | KafkaEvent): EventFinding[] {
  if (onFailure !== `kafka://${topic}`) return [];
  const message = "is the topic that the function reads";
  return [{ key: "onFailure", value: onFailure, message, code: "event-kafka-loop" }];
}

/** Without authentication Lambda takes brokers only in a VPC (Lambda developer guide, kafka-cluster-auth). */
function vpcRules({ auth, vpc }: KafkaEvent): EventFinding[] {
  if (auth !== undefined || vpc !== undefined) return [];
  return [
    {
      key: "",
      value: undefined,
      message: "must have auth, vpc, or both",
      code: "event-kafka-access",
    },
  ];
}
