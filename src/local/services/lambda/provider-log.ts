import { randomUUID } from "node:crypto";
import type { InstanceDocument } from "../ec2/managed-instances.ts";
import type { TargetContext } from "../../service.ts";
import type { CapacityProviderDocument } from "./documents.ts";
import { LogStreamWriter } from "./function-log.ts";

type InstanceEvent =
  | "Launching"
  | "Launched"
  | "LaunchFailed"
  | "Terminating"
  | "Terminated"
  | "TerminateFailed"
  | "HealthCheckFailed";

const levelOf: Readonly<Record<InstanceEvent, "INFO" | "WARN">> = {
  Launching: "INFO",
  Launched: "INFO",
  LaunchFailed: "WARN",
  Terminating: "INFO",
  Terminated: "INFO",
  TerminateFailed: "WARN",
  HealthCheckFailed: "WARN",
};

/** The instance of an event; without an id where none came to be. */
export interface InstanceSubject {
  readonly instanceId?: string;
  readonly availabilityZone: string | undefined;
  readonly instanceType: string;
}

export const aboutInstance = (instance: InstanceDocument): InstanceSubject => ({
  instanceId: instance.InstanceId,
  availabilityZone: instance.Placement?.AvailabilityZone,
  instanceType: instance.InstanceType,
});

function messageOf(event: InstanceEvent, about: InstanceSubject, why: string | undefined): string {
  // Observed form (aws-powertools/powertools-lambda-typescript, issue 5735).
  if (event === "HealthCheckFailed")
    return `Health check of instance ${about.instanceId} failed: ${why}`;
  if (event === "LaunchFailed")
    return `Failed to launch ${about.instanceType} instance in ${about.availabilityZone}: ${why}`;
  if (event === "TerminateFailed")
    return `Failed to terminate instance ${about.instanceId}: ${why}`;
  return about.instanceId === undefined
    ? `${event} ${about.instanceType} instance in ${about.availabilityZone}`
    : `${event} instance ${about.instanceId}`;
}

/**
 * The system log of capacity providers: one JSON line for each event of an instance
 * (Lambda developer guide, lambda-managed-instances-monitoring-system-log-format).
 */
export class ProviderLog {
  readonly #target: TargetContext;
  readonly #writers = new Map<string, LogStreamWriter>();

  constructor(target: TargetContext) {
    this.#target = target;
  }

  write(
    region: string,
    { name, provider }: CapacityProviderDocument,
    event: InstanceEvent,
    about: InstanceSubject,
    why?: string,
  ): void {
    const logging = provider.TelemetryConfig?.LoggingConfig ?? {};
    const level = levelOf[event];
    if (logging.SystemLogLevel === "WARN" && level === "INFO") return;
    const group = logging.LogGroup ?? defaultProviderLogGroup(name);
    this.#writer(region, group).append(
      JSON.stringify({
        timestamp: this.#target.clock.now().toISOString(),
        level,
        message: messageOf(event, about, why),
        operation: event,
        metadata: {
          ...(about.instanceId === undefined ? {} : { instanceId: about.instanceId }),
          availabilityZones: [about.availabilityZone],
          instanceTypes: [about.instanceType],
          capacityProviderArn: provider.CapacityProviderArn,
        },
      }),
    );
  }

  /** Writes what waits for a provider that goes away, and forgets its writer. */
  async forget(region: string, { name, provider }: CapacityProviderDocument): Promise<void> {
    const group =
      provider.TelemetryConfig?.LoggingConfig?.LogGroup ?? defaultProviderLogGroup(name);
    const writer = this.#writers.get(`${region}/${group}`);
    this.#writers.delete(`${region}/${group}`);
    await writer?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.close()));
    this.#writers.clear();
  }

  #writer(region: string, group: string): LogStreamWriter {
    const key = `${region}/${group}`;
    const known = this.#writers.get(key);
    if (known) return known;
    const day = this.#target.clock.now().toISOString().slice(0, 10).replaceAll("-", "/");
    const stream = `${day}/${randomUUID().replaceAll("-", "")}`;
    const writer = new LogStreamWriter(this.#target, { region, group, stream });
    this.#writers.set(key, writer);
    return writer;
  }
}

export const defaultProviderLogGroup = (name: string) => `/aws/lambda/capacity-provider/${name}`;
