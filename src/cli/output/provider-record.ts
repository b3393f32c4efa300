import { isRecord } from "../../is-record.ts";
import type { LogRecord } from "./log-record.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The system log of capacity providers: `{timestamp, level, message, operation, metadata}` (Lambda developer guide,
 * lambda-managed-instances-monitoring-system-log-format).
 */
export function isProviderRecord(record: Fields): boolean {
  const { operation, metadata } = record;
  return typeof operation === "string" && isRecord(metadata) && "capacityProviderArn" in metadata;
}

/** Without the operation, which its message begins with, and the ARN, which is the same in each line. */
export function readProviderRecord(record: Fields): LogRecord {
  const metadata = isRecord(record["metadata"]) ? record["metadata"] : {};
  const message = typeof record["message"] === "string" ? record["message"] : "";
  const { instanceId, availabilityZones, instanceTypes, capacityProviderArn, ...others } = metadata;
  void capacityProviderArn;
  const facts = [instanceId, ...listed(instanceTypes), ...listed(availabilityZones)].filter(
    (fact) => typeof fact === "string" && !message.includes(fact),
  );
  return {
    level: typeof record["level"] === "string" ? record["level"].toUpperCase() : "",
    requestId: "",
    message: [message, facts.join(" ")].filter((part) => part !== "").join("  "),
    fields: Object.entries(others),
    stack: [],
    isPlatform: false,
    isError: false,
  };
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
