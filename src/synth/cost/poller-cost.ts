import type { EventSettings } from "../events/event-schema.ts";
import type { Settings } from "../settings.ts";
import type { CostItem } from "./cost-item.ts";
import { hoursPerMonth, type PriceList } from "./prices.ts";

/*
 * Pollers in provisioned mode (AWS Lambda pricing, "Provisioned Mode for Event Source Mapping"), by the hour in event
 * poller units: one for each poller of SQS; of Kafka one takes ten pollers at rest, and four at their full 5 MB/s of its
 * 20 MB/s. Mappings of one poller group share units.
 */

/** Lambda's own where settings say none (Lambda API, ProvisionedPollerConfig). */
const defaults = {
  sqs: { minimum: 2, maximum: 200 },
  kafka: { minimum: 1, maximum: 200 },
} as const;
const kafkaPollersPerUnit = { minimum: 10, maximum: 4 } as const;

/** `minimum`: those that always run; `maximum`: all of them, busy. */
export type PollerCount = "minimum" | "maximum";

interface Pool {
  readonly label: string;
  readonly kind: "sqs" | "kafka";
  readonly pollers: number;
}

/** What provisioned pollers cost; nothing for mappings without, whose pollers cost nothing. */
export function pollerItems(
  settings: Pick<Settings, "functions">,
  count: PollerCount,
  prices: PriceList,
): CostItem[] {
  return [...poolsOf(settings, count).values()].map(({ label, kind, pollers }) => {
    const units = kind === "sqs" ? pollers : Math.ceil(pollers / kafkaPollersPerUnit[count]);
    const hourly = kind === "sqs" ? prices.sqsPollerUnitHour : prices.kafkaPollerUnitHour;
    return {
      kind: "pollers",
      label: `${pollers} event poller${pollers === 1 ? "" : "s"} of ${label}`,
      monthly: units * hourly * hoursPerMonth,
    };
  });
}

function poolsOf(
  { functions }: Pick<Settings, "functions">,
  count: PollerCount,
): Map<string, Pool> {
  const pools = new Map<string, Pool>();
  for (const [key, { events }] of Object.entries(functions)) {
    for (const [index, event] of events.entries()) {
      const pool = poolOf(key, event, count);
      if (pool === undefined) continue;
      const group = groupOf(event);
      const id = group === undefined ? `${key} ${index}` : `group ${group}`;
      const label = group === undefined ? pool.label : `group ${group}`;
      pools.set(id, { ...pool, label, pollers: pool.pollers + (pools.get(id)?.pollers ?? 0) });
    }
  }
  return pools;
}

function poolOf(key: string, event: EventSettings, count: PollerCount): Pool | undefined {
  if (!("pollers" in event) || event.pollers === undefined) return undefined;
  const kind = event.type === "sqs" ? "sqs" : "kafka";
  const { minimum = defaults[kind].minimum, maximum = defaults[kind].maximum } = event.pollers;
  const pollers = { minimum, maximum: Math.max(minimum, maximum) };
  return { label: `${key} (${event.type})`, kind, pollers: pollers[count] };
}

function groupOf(event: EventSettings): string | undefined {
  return "pollers" in event && event.pollers && "group" in event.pollers
    ? event.pollers.group
    : undefined;
}
