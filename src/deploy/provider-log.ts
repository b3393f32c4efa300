import type { Aws, LogEvent } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { isRecord } from "../is-record.ts";

/** Lambda developer guide, lambda-managed-instances-monitoring-system-log-events. */
const operations = [
  "Launching",
  "Launched",
  "LaunchFailed",
  "Terminating",
  "Terminated",
  "TerminateFailed",
  "HealthCheckFailed",
] as const;

export type ProviderOperation = (typeof operations)[number];

/** What a capacity provider wrote about one of its instances. */
export interface ProviderEvent {
  /** CloudWatch's, the same at every look. */
  readonly eventId: string;
  readonly time: Date;
  /** `INFO`, `WARN`, `ERROR` or `DEBUG`. */
  readonly level: string;
  readonly message: string;
  /** undefined: one that AWS did not document in 2026. */
  readonly operation: ProviderOperation | undefined;
  /** undefined where no instance came to be. */
  readonly instanceId: string | undefined;
  readonly types: readonly string[];
  readonly zones: readonly string[];
  readonly capacityProviderArn: string | undefined;
}

export interface ProviderLogQuery {
  readonly logGroup: string;
  readonly since: Date;
  readonly until?: Date;
  readonly signal?: AbortSignal;
  /** Most pages that are read of it; all where nothing is said. */
  readonly pages?: number;
}

/**
 * What a capacity provider wrote since a time, oldest first. It is evidence and never a reason to fail:
 * `[]` where it has written nothing, or has no log yet; undefined where its log cannot be read (not allowed,
 * throttled, out of reach). With level WARN only failures are in it.
 */
export async function providerEvents(
  query: ProviderLogQuery,
  aws: Pick<Aws, "logs">,
): Promise<readonly ProviderEvent[] | undefined> {
  try {
    return await readProviderEvents(query, aws);
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    return error.code === "LMI_LOG_GROUP_NOT_FOUND" ? [] : undefined;
  }
}

/** The same, for who wants to say why a log cannot be read. Fails with the LmiError of the request. */
export async function readProviderEvents(
  { until, signal, pages, ...asked }: ProviderLogQuery,
  { logs }: Pick<Aws, "logs">,
): Promise<readonly ProviderEvent[]> {
  const found: ProviderEvent[] = [];
  const query = {
    ...asked,
    ...(until && { until }),
    ...(signal && { signal }),
    ...(pages && { pages }),
  };
  for await (const event of logs.events(query)) {
    const told = parseProviderEvent(event);
    if (told) found.push(told);
  }
  return found.toSorted((a, b) => a.time.getTime() - b.time.getTime());
}

/** Where a capacity provider writes to; undefined where it does not exist, or may not be looked at. */
export async function providerLogGroup(
  nameOrArn: string,
  { capacityProviders }: Pick<Aws, "capacityProviders">,
): Promise<string | undefined> {
  try {
    const properties = await capacityProviders.properties(nameOrArn);
    return properties && (givenGroup(properties) ?? defaultGroup(nameOrArn));
  } catch (error) {
    if (error instanceof LmiError) return undefined;
    throw error;
  }
}

/** Lambda developer guide, lambda-managed-instances-monitoring-system-log-events. */
function defaultGroup(nameOrArn: string): string {
  return `/aws/lambda/capacity-provider/${nameOrArn.slice(nameOrArn.lastIndexOf(":") + 1)}`;
}

function givenGroup({ TelemetryConfig: telemetry }: Readonly<Record<string, unknown>>) {
  const logging = isRecord(telemetry) ? telemetry["LoggingConfig"] : undefined;
  return isRecord(logging) ? textOf(logging["LogGroup"]) : undefined;
}

/**
 * One line of the log (Lambda developer guide, lambda-managed-instances-monitoring-system-log-format); undefined
 * where it is something else.
 */
function parseProviderEvent({ eventId, time, message }: LogEvent): ProviderEvent | undefined {
  const record = recordIn(message);
  if (record === undefined) return undefined;
  const metadata = isRecord(record["metadata"]) ? record["metadata"] : {};
  const written = new Date(textOf(record["timestamp"]) ?? "");
  return {
    eventId,
    time: Number.isNaN(written.getTime()) ? time : written,
    level: textOf(record["level"]) ?? "INFO",
    message: textOf(record["message"]) ?? "",
    operation: operations.find((known) => known === record["operation"]),
    instanceId: textOf(metadata["instanceId"]),
    types: textsOf(metadata["instanceTypes"]),
    zones: textsOf(metadata["availabilityZones"]),
    capacityProviderArn: textOf(metadata["capacityProviderArn"]),
  };
}

function recordIn(message: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const record: unknown = JSON.parse(message);
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
