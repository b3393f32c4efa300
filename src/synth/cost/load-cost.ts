import { environmentVCpus } from "../environments.ts";
import type { FunctionSettings, Settings } from "../settings.ts";
import { concurrencyPerVCpu } from "../runtimes.ts";
import { type CostItem, sumOf } from "./cost-item.ts";
import { type Environments, fleetsOf, minimumEnvironments } from "./fleet.ts";
import { instanceItem, instancesOf } from "./monthly-cost.ts";
import { networkItems } from "./network-cost.ts";
import { prices } from "./prices.ts";

/** What is asked of one function, on average. */
export interface Load {
  /** Key of the function. */
  readonly functionKey: string;
  /** Requests a second. */
  readonly rps: number;
  /** Milliseconds that one request takes. */
  readonly durationMs: number;
  /** Bytes that one request sends out through the network of the instances, and of its log lines. */
  readonly payloadBytes: number;
  readonly logBytes: number;
}

export interface LoadCost {
  /** Execution environments of the function. */
  readonly environments: number;
  /** US dollars a month. */
  readonly monthly: number;
  readonly perMillion: number;
  readonly items: readonly CostItem[];
  /** More is asked than maxEnvironments or maxVCpu let through: requests would be refused. */
  readonly beyondLimits: boolean;
}

/**
 * Lambda's Auto scaling keeps room for a load half as large again; AWS's calculator adds 50 %, too
 * (sample-aws-lambda-managed-instances, methodology).
 */
const headroom = 1.5;

/**
 * What a month costs under a load. Environments are counted by concurrency: code that is busy with the CPU needs more,
 * which a measurement tells, not arithmetic.
 */
export function loadCost(settings: Settings, load: Load): LoadCost {
  const environments = environmentsUnder(settings, load);
  const fleets = fleetsOf(settings, environments);
  const network = networkItems(settings, instancesOf(fleets));
  const items = [...fleets.map(instanceItem), ...network, ...trafficItems(settings, load)];
  const monthly = sumOf(items);
  const own = settings.functions[load.functionKey];
  const needed = own === undefined ? 0 : neededBy(own, load);
  const running = own === undefined ? 0 : environments(load.functionKey, own);
  return {
    environments: running,
    monthly,
    perMillion: monthly / (requestsOf(load) / 1_000_000),
    items,
    beyondLimits:
      needed > running || fleets.some(({ count, type, maxVCpu }) => count * type.vCpus > maxVCpu),
  };
}

/** Requests of a month. */
export function requestsOf({ rps }: Load): number {
  return rps * prices.hoursPerMonth * 3600;
}

function environmentsUnder({ functions }: Settings, load: Load): Environments {
  return (key, own) => {
    const minimum = minimumEnvironments(key, own);
    if (key !== load.functionKey || functions[key] === undefined) return minimum;
    return Math.max(minimum, Math.min(neededBy(own, load), own.maxEnvironments ?? Infinity));
  };
}

function neededBy(own: FunctionSettings, { rps, durationMs }: Load): number {
  const concurrent = (rps * durationMs) / 1000;
  const each = own.concurrency ?? concurrencyPerVCpu(own.runtime) * environmentVCpus(own);
  return Math.ceil((concurrent * headroom) / each);
}

function trafficItems({ network }: Settings, load: Load): CostItem[] {
  const requests = requestsOf(load);
  const gigabytes = (bytes: number) => (requests * bytes) / 1e9;
  const items: CostItem[] = [
    {
      kind: "requests",
      label: `${(requests / 1e6).toFixed(1)} million requests`,
      monthly: (requests / 1e6) * prices.millionRequests,
    },
    {
      kind: "logs",
      label: `${gigabytes(load.logBytes).toFixed(1)} GB of logs`,
      monthly: gigabytes(load.logBytes) * prices.logGigabyte,
    },
  ];
  const out = gigabytes(load.payloadBytes + load.logBytes);
  if (network.egress === "nat") {
    items.push({
      kind: "data",
      label: `${out.toFixed(1)} GB through NAT`,
      monthly: out * prices.natGigabyte,
    });
  }
  return items.filter(({ monthly }) => monthly > 0);
}
