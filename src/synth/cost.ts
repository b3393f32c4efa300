import { DEFAULT_MIN_ENVIRONMENTS, environmentVCpus } from "./environments.ts";
import { endpointsOf } from "./endpoints.ts";
import { existingVpc } from "./existing-vpc.ts";
import { type InstanceType, instanceTypes, prices } from "./prices.ts";
import { type ProviderSettings, providersOf } from "./providers.ts";
import type { FunctionSettings, NetworkSettings, Settings } from "./settings.ts";

export interface CostItem {
  /** `1 × c6i.xlarge incl. 15 % fee`. */
  readonly label: string;
  readonly kind: "instances" | "nat" | "endpoint" | "address";
  /** US dollars a month. */
  readonly monthly: number;
}

export interface MonthlyCost {
  /** US dollars a month when nothing is asked of the functions. */
  readonly minimum: number;
  /** The same when every provider is at its `maxVCpu`. */
  readonly cap: number;
  /** vCPUs of all providers together at that cap. */
  readonly capVCpus: number;
  /** What the minimum is made of. */
  readonly items: readonly CostItem[];
  /** Sentences to read beside the numbers. */
  readonly notes: readonly string[];
}

/**
 * What a project costs a month, as well as it can be known beforehand: Lambda chooses the instances; the cheapest that
 * fit are assumed. Without volumes, logs, requests and traffic.
 */
export function monthlyCost(settings: Settings): MonthlyCost {
  const fleets = providersOf(settings).map((provider) => cheapestFleet(settings.network, provider));
  const network = networkItems(settings, total(fleets.map(({ count }) => count)));
  const items = [...fleets.map(instanceItem), ...network];
  const networkCost = total(network.map(({ monthly }) => monthly));
  return {
    minimum: total(items.map(({ monthly }) => monthly)),
    cap:
      total(fleets.map((fleet) => Math.max(instanceItem(fleet).monthly, atCap(fleet)))) +
      networkCost,
    capVCpus: total(fleets.map(({ maxVCpu }) => maxVCpu)),
    items,
    notes: notes(
      settings,
      fleets.some(({ guessed }) => guessed),
    ),
  };
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);

function instanceItem({ name, count, type }: Fleet): CostItem {
  return {
    kind: "instances",
    label: `${count} × ${type.name} incl. 15 % fee${name === undefined ? "" : ` (${name})`}`,
    monthly: count * monthlyWithFee(type.hourly),
  };
}

function atCap({ maxVCpu, type }: Fleet): number {
  return maxVCpu * monthlyWithFee(type.hourly / type.vCpus);
}

function monthlyWithFee(hourly: number): number {
  return hourly * (1 + prices.managementFee) * prices.hoursPerMonth;
}

/** Rounded to what is known: `≈ $102`, `≈ $1,070`. */
export function approximately(dollars: number): string {
  const step = dollars >= 1000 ? 10 : 1;
  return `≈ $${(Math.round(dollars / step) * step).toLocaleString("en-US")}`;
}

interface Fleet {
  /** Of the provider, where it has one. */
  readonly name: string | undefined;
  readonly maxVCpu: number;
  readonly type: InstanceType;
  readonly count: number;
  /** No price is known of an allowed type that fits. */
  readonly guessed: boolean;
}

function cheapestFleet(network: NetworkSettings, provider: ProviderSettings): Fleet {
  const { capacity, name } = provider;
  const { allow, exclude = [] } = capacity.instanceTypes ?? {};
  const fitting = instanceTypes.filter(
    ({ architecture }) => architecture === capacity.architecture,
  );
  const functions = provider.functions.map(([, own]) => own);
  const ratio = Math.max(...functions.map(({ memoryPerVCpu }) => memoryPerVCpu));
  const wanted = fitting.filter((type) =>
    allow ? allow.includes(type.name) : !exclude.includes(type.name),
  );
  // Lambda goes by the memory of a vCPU: C instances for 2 GiB, M for 4, R for 8.
  const usual = wanted.filter(
    (type) => allow !== undefined || type.memoryGiB / type.vCpus === ratio,
  );
  const cheapest = (types: readonly InstanceType[]) => cheapestOf(types, functions, network);
  const own = { name, maxVCpu: capacity.maxVCpu };
  const fleet = cheapest(usual) ?? cheapest(wanted);
  if (fleet) return { ...own, ...fleet, guessed: false };
  const guess = cheapest(fitting);
  if (!guess) throw new TypeError("no instance type holds the largest execution environment");
  return { ...own, ...guess, guessed: true };
}

function cheapestOf(
  types: readonly InstanceType[],
  functions: readonly FunctionSettings[],
  network: NetworkSettings,
): Pick<Fleet, "type" | "count"> | undefined {
  return types
    .flatMap((type) => {
      const count = instanceCount(network, functions, type);
      return count === undefined ? [] : [{ type, count, hourly: Math.max(count, 1) * type.hourly }];
    })
    .toSorted((a, b) => a.hourly - b.hourly)[0];
}

/** Instances for the minimum of environments, at least one for each zone; undefined when one does not fit at all. */
function instanceCount(
  network: NetworkSettings,
  functions: readonly FunctionSettings[],
  type: InstanceType,
): number | undefined {
  let instances = 0;
  let environments = 0;
  for (const own of functions) {
    // Each instance keeps 1 vCPU and 1 GiB for itself (AWS's Managed Instances calculator, methodology).
    const byVCpu = Math.floor((type.vCpus - 1) / environmentVCpus(own));
    const byMemory = Math.floor((type.memoryGiB - 1) / (own.memory / 1024));
    const perInstance = Math.min(byVCpu, byMemory);
    if (perInstance < 1) return undefined;
    const minimum = own.minEnvironments ?? DEFAULT_MIN_ENVIRONMENTS;
    instances += minimum / perInstance;
    environments += minimum;
  }
  const zones = Math.min(3, network.subnetIds?.length ?? network.azs, environments);
  return Math.max(zones, Math.ceil(instances));
}

function networkItems(settings: Settings, instances: number): CostItem[] {
  const { network } = settings;
  if (existingVpc(network) !== undefined) return [];
  const endpoints = endpointsOf(settings).filter(({ kind }) => kind === "interface");
  return [
    ...egressItems(network, instances),
    ...endpoints.map(({ name }) => endpointItem(name, network.azs)),
  ];
}

function egressItems(network: NetworkSettings, instances: number): CostItem[] {
  if (network.egress === "public") return instances === 0 ? [] : [addressItem(instances)];
  if (network.egress !== "nat") return [];
  const count = network.natGateways === "each" ? network.azs : 1;
  return [
    {
      kind: "nat",
      label: `${count} NAT gateway${count === 1 ? "" : "s"}`,
      monthly: count * prices.natGatewayHour * prices.hoursPerMonth,
    },
    addressItem(count),
  ];
}

function addressItem(count: number): CostItem {
  return {
    kind: "address",
    label: `${count} public IPv4 address${count === 1 ? "" : "es"}`,
    monthly: count * prices.publicAddressHour * prices.hoursPerMonth,
  };
}

function endpointItem(name: string, zones: number): CostItem {
  return {
    kind: "endpoint",
    label: `${name === "logs" ? "CloudWatch Logs" : name} endpoint in ${zones} zone${zones === 1 ? "" : "s"}`,
    monthly: zones * prices.interfaceEndpointHour * prices.hoursPerMonth,
  };
}

function notes(settings: Settings, guessed: boolean): string[] {
  const elsewhere = settings.region !== undefined && settings.region !== prices.region;
  return [
    `Prices of ${prices.region}, ${prices.date}${elsewhere ? `; ${settings.region} may differ` : ""}; without volumes, logs, requests and traffic.`,
    ...(guessed
      ? [
          "No price is known of an allowed instance type that fits; the cheapest of all that fit is assumed.",
        ]
      : []),
  ];
}
