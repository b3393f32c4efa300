import { loadCost } from "../synth/cost/load-cost.ts";
import { type CostBasis, tableBasis } from "../synth/cost/prices.ts";
import { environmentVCpus, minimumOf } from "../synth/environments.ts";
import { neededVCpus } from "../synth/needed-vcpus.ts";
import { providersOf } from "../synth/providers.ts";
import { concurrencyPerVCpu } from "../synth/runtimes.ts";
import type { FunctionSettings, Settings } from "../synth/settings.ts";
import type { Knee } from "./knee.ts";
import type { EnvironmentUse } from "./step.ts";

export interface ProposalRequest {
  /** Those that were measured: what is deployed, where it differs from the file. */
  readonly settings: Settings;
  readonly functionKey: string;
  readonly knee: Knee;
  /** Execution environments that answered at the knee. */
  readonly environments: number;
  /** Of the highest step that held. */
  readonly use: EnvironmentUse | undefined;
  /** Milliseconds that a request takes there, on average. */
  readonly durationMs: number;
  /** Requests a second that are to be answered. */
  readonly targetRps: number;
  readonly basis?: CostBasis;
}

/** Settings in the words of lmi.json. */
export interface ProposedSettings {
  readonly memory: number;
  readonly memoryPerVCpu: 2 | 4 | 8;
  readonly concurrency: number;
  readonly minEnvironments: number;
  /** undefined: no limit of its own. */
  readonly maxEnvironments: number | undefined;
  readonly maxVCpu: number;
}

export interface Proposal {
  readonly targetRps: number;
  /** What one environment answers at the knee, requests a second. */
  readonly rpsPerEnvironment: number;
  readonly now: ProposedSettings;
  readonly settings: ProposedSettings;
  /** Why each is as it is, in its order. */
  readonly reasons: readonly string[];
  /** US dollars under the target's load, Lambda's fee and requests included. */
  readonly monthly: number;
  readonly perMillion: number;
  /** What the present settings would cost under it; undefined where they would not carry it. */
  readonly monthlyNow: number | undefined;
}

/** Lambda's Auto scaling keeps room for a load half as large again (Lambda developer guide, …-scaling). */
const headroom = 1.5;
/** And for twice as much within five minutes, which the maximum has to let through. */
const growth = 2;
/** Percent of an environment's vCPUs or memory that may be in use at the knee: beyond it times grow. */
const wellUsed = 75;
/** botocore service model lambda, PerExecutionEnvironmentMaxConcurrency, and 64 for each vCPU (…-scaling). */
const mostConcurrency = 1600;
const mostPerVCpu = 64;
/** MB (Lambda developer guide, …-execution-environment). */
const memoryBounds = { least: 2048, most: 32_768 } as const;
/** capacity.maxVCpu. */
const vCpuBounds = { least: 12, most: 15_000 } as const;

/** Settings for a target, by what one environment did at the knee; undefined where no rate held. */
export function propose(request: ProposalRequest): Proposal | undefined {
  const { settings, functionKey, knee, environments, durationMs, targetRps, basis } = request;
  const own = settings.functions[functionKey];
  if (own === undefined || knee.rps <= 0 || environments <= 0) return undefined;
  const rpsPerEnvironment = knee.rps / environments;
  const size = sizeFor(own, request.use);
  const concurrency = concurrencyFor(own, size, rpsPerEnvironment, durationMs);
  const needed = Math.ceil((targetRps * headroom) / rpsPerEnvironment);
  const scale = {
    minEnvironments: needed,
    maxEnvironments: Math.max(needed, Math.ceil((needed * growth) / headroom)),
  };
  const sized = withFunction(settings, functionKey, {
    ...size.settings,
    concurrency: concurrency.value,
    ...scale,
  });
  const maxVCpu = vCpusFor(sized, functionKey);
  const proposed = withCapacity(sized, own.capacityProvider, maxVCpu);
  const load = loadOf({ functionKey, durationMs }, targetRps);
  const cost = loadCost(proposed, load, basis ?? tableBasis);
  // As large as they are now, and as many as the measurement says.
  const asIs = withFunction(settings, functionKey, {
    minEnvironments: Math.max(minimumOf(own), Math.min(needed, own.maxEnvironments ?? Infinity)),
  });
  const before = loadCost(asIs, load, basis ?? tableBasis);
  const carries = !before.beyondLimits && needed <= (own.maxEnvironments ?? Infinity);
  return {
    targetRps,
    rpsPerEnvironment,
    now: proposedOf(settings, functionKey),
    settings: proposedOf(proposed, functionKey),
    reasons: [
      ...size.reasons,
      concurrency.reason,
      `minEnvironments ${needed}: ${rounded(targetRps)}/s and half as much again, at ${rounded(rpsPerEnvironment)}/s for each environment`,
      `maxEnvironments ${scale.maxEnvironments}: room for twice the target`,
      `maxVCpu ${maxVCpu}: whole instances for that, each with 1 vCPU of its own, and one to replace`,
    ],
    monthly: cost.monthly,
    perMillion: cost.perMillion,
    monthlyNow: carries ? before.monthly : undefined,
  };
}

/** US dollars a month of the proposed settings under another load of the same requests. */
export function monthlyOf(
  { settings, functionKey, durationMs, basis }: ProposalRequest,
  { settings: proposed }: Proposal,
  rps: number,
): number {
  const { maxVCpu, ...own } = proposed;
  const provider = settings.functions[functionKey]?.capacityProvider;
  const changed = withCapacity(withFunction(settings, functionKey, own), provider, maxVCpu);
  return loadCost(changed, loadOf({ functionKey, durationMs }, rps), basis ?? tableBasis).monthly;
}

/** Without traffic and logs, of which a measurement from outside tells nothing. */
function loadOf(of: { readonly functionKey: string; readonly durationMs: number }, rps: number) {
  return { ...of, rps, payloadBytes: 0, internetBytes: 0, logBytes: 0 };
}

interface Size {
  readonly settings: Pick<FunctionSettings, "memory" | "memoryPerVCpu">;
  readonly reasons: readonly string[];
}

/** The smallest environment that holds what one used at the knee. */
function sizeFor(own: FunctionSettings, use: EnvironmentUse | undefined): Size {
  const { memory, memoryPerVCpu } = own;
  if (use?.cpu === undefined || use.memory === undefined) {
    const reason = `memory ${memory} MB at ${memoryPerVCpu} GiB a vCPU: as it is, since CPU and memory were not measured`;
    return { settings: { memory, memoryPerVCpu }, reasons: [reason] };
  }
  const vCpus = (environmentVCpus(own) * use.cpu) / wellUsed;
  const gib = ((memory / 1024) * use.memory) / wellUsed;
  const ratio = ([2, 4, 8] as const).find((each) => gib / vCpus <= each) ?? 8;
  const step = ratio * 1024;
  const wanted = Math.max(gib * 1024, vCpus * step, memoryBounds.least);
  const chosen = Math.min(Math.ceil(wanted / step) * step, memoryBounds.most);
  const reason = `memory ${chosen} MB at ${ratio} GiB a vCPU: at the knee ${rounded(use.cpu)} % of ${environmentVCpus(own)} vCPU and ${rounded(use.memory)} % of ${memory} MB were in use`;
  return { settings: { memory: chosen, memoryPerVCpu: ratio }, reasons: [reason] };
}

/** Little's law: what an environment has under way at the knee, and half as much again for what is uneven. */
function concurrencyFor(own: FunctionSettings, size: Size, rps: number, durationMs: number) {
  const vCpus = environmentVCpus(size.settings);
  const underWay = (rps * durationMs) / 1000;
  const most = Math.min(mostConcurrency, Math.floor(mostPerVCpu * vCpus));
  const value = Math.max(1, Math.min(most, Math.ceil(underWay * headroom)));
  const reason = `concurrency ${value}: ${rounded(underWay)} requests are under way in an environment at the knee; more than that would wait in it, where Lambda could send them elsewhere`;
  return { value, reason: own.concurrency === value ? `${reason} (as it is)` : reason };
}

/** vCPUs under which the maximum fits, and two minimums beside each other while a version is published. */
function vCpusFor(settings: Settings, functionKey: string): number {
  const own = settings.functions[functionKey];
  const atMost = withFunction(settings, functionKey, { minEnvironments: own?.maxEnvironments });
  const needs = [neededIn(atMost, functionKey, 1), neededIn(settings, functionKey, 2)];
  return Math.min(vCpuBounds.most, Math.max(vCpuBounds.least, ...needs));
}

function neededIn(settings: Settings, functionKey: string, generations: 1 | 2): number {
  const provider = providersOf(settings).find(({ functions }) =>
    functions.some(([key]) => key === functionKey),
  );
  if (provider === undefined) return 0;
  return (
    neededVCpus(provider, { network: settings.network, instanceType: undefined, generations })
      ?.vCpus ?? 0
  );
}

function proposedOf(settings: Settings, functionKey: string): ProposedSettings {
  const own = settings.functions[functionKey];
  if (own === undefined) throw new TypeError(`no function ${functionKey}`);
  const { memory, memoryPerVCpu } = own;
  const capacity = settings.capacityProviders[own.capacityProvider ?? ""] ?? settings.capacity;
  return {
    memory,
    memoryPerVCpu,
    concurrency: own.concurrency ?? concurrencyPerVCpu(own.runtime) * environmentVCpus(own),
    minEnvironments: minimumOf(own),
    maxEnvironments: own.maxEnvironments,
    maxVCpu: capacity.maxVCpu,
  };
}

function withFunction(
  settings: Settings,
  key: string,
  change: Partial<FunctionSettings>,
): Settings {
  const own = settings.functions[key];
  if (own === undefined) return settings;
  return { ...settings, functions: { ...settings.functions, [key]: { ...own, ...change } } };
}

function withCapacity(settings: Settings, provider: string | undefined, maxVCpu: number): Settings {
  const named = provider === undefined ? undefined : settings.capacityProviders[provider];
  if (provider === undefined || named === undefined)
    return { ...settings, capacity: { ...settings.capacity, maxVCpu } };
  const capacityProviders = { ...settings.capacityProviders, [provider]: { ...named, maxVCpu } };
  return { ...settings, capacityProviders };
}

const rounded = (value: number) => Number(value.toPrecision(3));
