import { environmentVCpus, minimumOf, versionsOf } from "../environments.ts";
import { type ProviderSettings, providersOf } from "../providers.ts";
import type { FunctionSettings, NetworkSettings, Settings } from "../settings.ts";
import {
  hoursPerMonth,
  type InstanceType,
  isUsual,
  managementFee,
  type PriceList,
} from "./prices.ts";

/** The instances of one capacity provider. */
export interface Fleet {
  /** Of the provider, where it has one. */
  readonly name: string | undefined;
  readonly maxVCpu: number;
  readonly type: InstanceType;
  readonly count: number;
  /** Of the usual types that hold the environments, or else of all, the one whose vCPUs cost most: Lambda may choose it. */
  readonly dearest: InstanceType;
  /** The cheapest instances of the kind that Lambda goes by, where `type` is of another kind. */
  readonly usual?: { readonly type: InstanceType; readonly count: number } | undefined;
  /** No price is known of an allowed type that fits. */
  readonly guessed: boolean;
}

/** Execution environments of a function, by its key. */
export type Environments = (key: string, own: FunctionSettings) => number;

/** Those that run when nothing is asked of it: each version has its own. */
export const minimumEnvironments: Environments = (_key, own) => minimumOf(own) * versionsOf(own);

/** The cheapest instances of every provider that hold so many environments. Lambda chooses; nobody knows beforehand. */
export function fleetsOf(
  settings: Settings,
  environments: Environments,
  prices: PriceList,
): Fleet[] {
  return providersOf(settings).map((provider) =>
    cheapestFleet(settings.network, provider, environments, typesOf(provider, prices)),
  );
}

function cheapestFleet(
  network: NetworkSettings,
  provider: ProviderSettings,
  environments: Environments,
  types: InstanceTypes,
): Fleet {
  const choose = (among: readonly InstanceType[]) => {
    const sorted = fleetsBy(among, provider, network, environments);
    const [cheapest] = sorted;
    if (!cheapest) return undefined;
    const usual = sorted.filter(({ type }) => types.usual.includes(type));
    const likely = usual.length > 0 ? [...usual, cheapest] : sorted;
    const dearest = dearestOf(likely.map(({ type }) => type));
    return { ...cheapest, dearest, usual: usual.includes(cheapest) ? undefined : usual[0] };
  };
  const own = { name: provider.name, maxVCpu: provider.capacity.maxVCpu };
  const fleet = choose(types.allowed);
  if (fleet) return { ...own, ...fleet, guessed: false };
  const guess = choose(types.fitting);
  if (!guess) throw new TypeError("no instance type holds the largest execution environment");
  return { ...own, ...guess, guessed: true };
}

const perVCpu = ({ hourly, vCpus }: InstanceType) => hourly / vCpus;

function dearestOf(types: readonly InstanceType[]): InstanceType {
  return types.reduce((most, type) => (perVCpu(type) > perVCpu(most) ? type : most));
}

export interface InstanceTypes {
  /** Of the provider's architecture. */
  readonly fitting: readonly InstanceType[];
  /** Of those, what its settings allow. */
  readonly allowed: readonly InstanceType[];
  /** Of those, what Lambda goes by: C instances for 2 GiB a vCPU, M for 4, R for 8. */
  readonly usual: readonly InstanceType[];
}

/** Types whose price is known, that a provider's instances may have. */
export function typesOf(
  { capacity, functions }: ProviderSettings,
  { instanceTypes }: PriceList,
): InstanceTypes {
  const { allow, exclude = [] } = capacity.instanceTypes ?? {};
  const fitting = instanceTypes.filter(
    ({ architecture }) => architecture === capacity.architecture,
  );
  const ratio = Math.max(...functions.map(([, { memoryPerVCpu }]) => memoryPerVCpu));
  const allowed = fitting.filter((type) =>
    allow ? allow.includes(type.name) : isUsual(type) && !exclude.includes(type.name),
  );
  const usual = allowed.filter(
    (type) => allow !== undefined || type.memoryGiB / type.vCpus === ratio,
  );
  return { fitting: fitting.filter(isUsual), allowed, usual };
}

/** How many instances of each type hold the environments, the cheapest first; without types that hold none. */
export function fleetsBy(
  types: readonly InstanceType[],
  { functions }: ProviderSettings,
  network: NetworkSettings,
  environments: Environments,
): Pick<Fleet, "type" | "count">[] {
  return types
    .flatMap((type) => {
      const count = instanceCount(network, functions, type, environments);
      return count === undefined ? [] : [{ type, count }];
    })
    .toSorted((one, other) => hourlyOf(one) - hourlyOf(other));
}

const hourlyOf = ({ type, count }: Pick<Fleet, "type" | "count">) =>
  Math.max(count, 1) * type.hourly;

/** At least one for each zone; undefined when not one environment fits. */
function instanceCount(
  network: NetworkSettings,
  functions: ProviderSettings["functions"],
  type: InstanceType,
  environments: Environments,
): number | undefined {
  let instances = 0;
  let all = 0;
  for (const [key, own] of functions) {
    // Each instance keeps 1 vCPU and 1 GiB for itself (AWS's Managed Instances calculator, methodology).
    const byVCpu = Math.floor((type.vCpus - 1) / environmentVCpus(own));
    const byMemory = Math.floor((type.memoryGiB - 1) / (own.memory / 1024));
    const perInstance = Math.min(byVCpu, byMemory);
    if (perInstance < 1) return undefined;
    const number = environments(key, own);
    instances += number / perInstance;
    all += number;
  }
  const zones = Math.min(3, network.subnetIds?.length ?? network.azs, all);
  return Math.max(zones, Math.ceil(instances));
}

/** US dollars a month with Lambda's fee; a Savings Plan takes its part off the EC2 price and none off the fee. */
export function monthlyOf(hourly: number, ec2Discount = 0): number {
  return hourly * (1 - ec2Discount + managementFee) * hoursPerMonth;
}
