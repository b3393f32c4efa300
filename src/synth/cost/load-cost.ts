import { environmentVCpus, minimumOf, versionsOf } from "../environments.ts";
import { existingVpc } from "../existing-vpc.ts";
import type { FunctionSettings, NetworkSettings, Settings } from "../settings.ts";
import { concurrencyPerVCpu } from "../runtimes.ts";
import { type CostItem, sumOf } from "./cost-item.ts";
import { type Environments, fleetsOf, minimumEnvironments } from "./fleet.ts";
import { instanceItems, instancesOf, usualNote, volumeItems } from "./monthly-cost.ts";
import { networkItems } from "./network-cost.ts";
import { pollerItems } from "./poller-cost.ts";
import { type CostBasis, hoursPerMonth, type PriceList, tableBasis } from "./prices.ts";

/** What is asked of one function, on average. */
export interface Load {
  /** Key of the function. */
  readonly functionKey: string;
  /** Requests a second. */
  readonly rps: number;
  /** Milliseconds that one request takes. */
  readonly durationMs: number;
  /** Bytes that one request sends through the network of the instances to AWS services. */
  readonly payloadBytes: number;
  /** And to the internet. */
  readonly internetBytes: number;
  /** And of its log lines. */
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
  /** What instances it assumes, where Lambda would rather take others. */
  readonly notes: readonly string[];
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
export function loadCost(settings: Settings, load: Load, basis: CostBasis = tableBasis): LoadCost {
  const { prices } = basis;
  const environments = environmentsUnder(settings, load);
  const fleets = fleetsOf(settings, environments, prices);
  const items = [
    ...fleets.flatMap(instanceItems),
    ...volumeItems(fleets, basis),
    ...networkItems(settings, instancesOf(fleets), prices),
    ...pollerItems(settings, "minimum", prices),
    ...trafficItems(settings, load, prices),
  ];
  const monthly = sumOf(items);
  const own = settings.functions[load.functionKey];
  const needed =
    own === undefined ? 0 : neededBy(own, load) + minimumOf(own) * (versionsOf(own) - 1);
  const running = own === undefined ? 0 : environments(load.functionKey, own);
  return {
    environments: running,
    monthly,
    perMillion: monthly / (requestsOf(load) / 1_000_000),
    items,
    notes: fleets.flatMap(usualNote),
    beyondLimits:
      needed > running || fleets.some(({ count, type, maxVCpu }) => count * type.vCpus > maxVCpu),
  };
}

/** Requests of a month. */
export function requestsOf({ rps }: Load): number {
  return rps * hoursPerMonth * 3600;
}

function environmentsUnder({ functions }: Settings, load: Load): Environments {
  return (key, own) => {
    if (key !== load.functionKey || functions[key] === undefined)
      return minimumEnvironments(key, own);
    // The load goes to one version; another one that an alias is at stays at its minimum.
    const idle = minimumOf(own) * (versionsOf(own) - 1);
    const asked = Math.min(neededBy(own, load), own.maxEnvironments ?? Infinity);
    return idle + Math.max(minimumOf(own), asked);
  };
}

function neededBy(own: FunctionSettings, { rps, durationMs }: Load): number {
  const concurrent = (rps * durationMs) / 1000;
  const each = own.concurrency ?? concurrencyPerVCpu(own.runtime) * environmentVCpus(own);
  return Math.ceil((concurrent * headroom) / each);
}

function trafficItems(settings: Settings, load: Load, prices: PriceList): CostItem[] {
  const requests = requestsOf(load);
  const gigabytes = (bytes: number) => (requests * bytes) / 1e9;
  const bytes = (
    kind: CostItem["kind"],
    what: string,
    amount: number,
    price: number,
  ): CostItem => ({
    kind,
    label: `${gigabytes(amount).toFixed(1)} GB ${what}`,
    monthly: gigabytes(amount) * price,
  });
  const through = routesOf(settings.network, load);
  return [
    {
      kind: "requests" as const,
      label: `${(requests / 1e6).toFixed(1)} million requests`,
      monthly: (requests / 1e6) * prices.millionRequests,
    },
    bytes("logs", "of logs", load.logBytes, prices.logGigabyte),
    bytes("data", "through NAT", through.nat, prices.natGigabyte),
    bytes("data", "through endpoints", through.endpoints, prices.endpointGigabyte),
    bytes("data", "between zones", through.zones, prices.zoneGigabyte),
    bytes("data", "to the internet", load.internetBytes, prices.internetGigabyte),
  ].filter(({ monthly }) => monthly > 0);
}

/** Bytes of one request by the way that they take out of the subnets. */
function routesOf(network: NetworkSettings, { payloadBytes, internetBytes, logBytes }: Load) {
  const isNat = network.egress === "nat";
  const logsByEndpoint = network.egress === "endpoints" || network.endpoints.includes("logs");
  const endpoints =
    (logsByEndpoint ? logBytes : 0) + (network.egress === "endpoints" ? payloadBytes : 0);
  const nat = isNat ? payloadBytes + internetBytes + logBytes - endpoints : 0;
  const isShared =
    existingVpc(network) === undefined && network.natGateways !== "each" && network.azs > 1;
  // The one gateway stands in one of the zones; instances are spread evenly.
  return { nat, endpoints, zones: isShared ? (nat * (network.azs - 1)) / network.azs : 0 };
}
