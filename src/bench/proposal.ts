import { type Load, loadCost } from "../synth/cost/load-cost.ts";
import { type CostBasis, tableBasis } from "../synth/cost/prices.ts";
import { environmentVCpus, minimumOf } from "../synth/environments.ts";
import { neededVCpus } from "../synth/needed-vcpus.ts";
import { providersOf } from "../synth/providers.ts";
import { concurrencyPerVCpu } from "../synth/runtimes.ts";
import type { FunctionSettings, Settings } from "../synth/settings.ts";
import { withCapacity, withFunction } from "./changed-settings.ts";
import { concurrencyFor, headroom, rounded, type Size, sizesFor } from "./environment-size.ts";
import { isLowerBound, type Knee } from "./knee.ts";
import type { EnvironmentUse } from "./step.ts";

export interface ProposalRequest {
  /** Those that were measured: what is deployed, where it differs from the file. */
  readonly settings: Settings;
  readonly functionKey: string;
  readonly knee: Knee;
  /** Execution environments that answered at the knee. */
  readonly environments: number;
  /** At the knee. */
  readonly use: EnvironmentUse | undefined;
  /** Milliseconds that a request takes below it, on average, as the client sees it: with the network. */
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
  /**
   * Settings that less may do for, since the knee was not reached: an environment may answer more than it was asked for.
   * Where there are any, costs are upper bounds, too.
   */
  readonly atMost: readonly (keyof ProposedSettings)[];
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

/** And for twice as much within five minutes, which the maximum has to let through. */
const growth = 2;
/** Zones that instances are spread over at most: one environment in each outlives the loss of a zone. */
const mostZones = 3;
/** capacity.maxVCpu. */
const vCpuBounds = { least: 12, most: 15_000 } as const;

/** Settings for a target, by what one environment did at the knee; undefined where no rate held. */
export function propose(request: ProposalRequest): Proposal | undefined {
  const { settings, functionKey, knee, environments } = request;
  const own = settings.functions[functionKey];
  if (own === undefined || knee.rps <= 0 || environments <= 0) return undefined;
  // Each size holds what one used at the knee; instances of the kind that it calls for differ in price.
  const [first, ...others] = sizesFor(own, request.use, knee).map((size) =>
    ofSize(request, own, size),
  );
  return others.reduce((best, each) => (best && each.monthly < best.monthly ? each : best), first);
}

function ofSize(request: ProposalRequest, own: FunctionSettings, size: Size): Proposal {
  const { settings, functionKey, knee, environments, targetRps } = request;
  const rpsPerEnvironment = knee.rps / environments;
  const concurrency = concurrencyFor(own, size, request, rpsPerEnvironment);
  const needed = Math.ceil((targetRps * headroom) / rpsPerEnvironment);
  const zones = Math.min(mostZones, settings.network.subnetIds?.length ?? settings.network.azs);
  const minEnvironments = Math.max(needed, zones);
  const maxEnvironments = Math.max(minEnvironments, Math.ceil((needed * growth) / headroom));
  const sized = withFunction(settings, functionKey, {
    ...size.settings,
    concurrency: concurrency.value,
    minEnvironments,
    maxEnvironments,
  });
  const maxVCpu = vCpusFor(sized, functionKey);
  const proposed = withCapacity(sized, own.capacityProvider, maxVCpu);
  const load = loadOf(request, targetRps);
  const { monthly, perMillion, notes } = loadCost(proposed, load, request.basis ?? tableBasis);
  return {
    targetRps,
    rpsPerEnvironment,
    atMost: isLowerBound(knee) ? beyond(zones, minEnvironments, maxEnvironments, maxVCpu) : [],
    now: proposedOf(settings, functionKey),
    settings: proposedOf(proposed, functionKey),
    reasons: [
      size.reason,
      concurrency.reason,
      minimumReason(minEnvironments, needed, request),
      `maxEnvironments ${maxEnvironments}: room for twice the target`,
      `maxVCpu ${maxVCpu}: whole instances for that, each with 1 vCPU of its own, and one to replace`,
      ...notes,
    ],
    monthly,
    perMillion,
    monthlyNow: monthlyAsIs(request, own, needed),
  };
}

/** Those that are more than what is needed whatever an environment answers. */
function beyond(
  zones: number,
  minEnvironments: number,
  maxEnvironments: number,
  maxVCpu: number,
): (keyof ProposedSettings)[] {
  return [
    ...(minEnvironments > zones ? (["minEnvironments"] as const) : []),
    ...(maxEnvironments > zones ? (["maxEnvironments"] as const) : []),
    ...(maxEnvironments > zones && maxVCpu > vCpuBounds.least ? (["maxVCpu"] as const) : []),
  ];
}

function minimumReason(
  minEnvironments: number,
  needed: number,
  { targetRps, knee, environments }: ProposalRequest,
): string {
  const each = rounded(knee.rps / environments);
  const share = isLowerBound(knee)
    ? `the ${each}/s that each environment was asked for, though it may do more`
    : `${each}/s for each environment`;
  const load = `${rounded(targetRps)}/s and half as much again, at ${share}`;
  if (minEnvironments > needed)
    return `minEnvironments ${minEnvironments}: one in each zone; ${load}, need ${needed}`;
  const alone = needed === 1 ? "; in one zone only" : "";
  return `minEnvironments ${needed}: ${load}${alone}`;
}

/** Of environments as they are now, as many as the measurement says; undefined where the limits do not let them be. */
function monthlyAsIs(
  { settings, functionKey, durationMs, targetRps, basis }: ProposalRequest,
  own: FunctionSettings,
  needed: number,
): number | undefined {
  if (needed > (own.maxEnvironments ?? Infinity)) return undefined;
  const minEnvironments = Math.max(minimumOf(own), needed);
  const asIs = withFunction(settings, functionKey, { minEnvironments });
  const load = loadOf({ functionKey, durationMs }, targetRps);
  const { monthly, beyondLimits } = loadCost(asIs, load, basis ?? tableBasis);
  return beyondLimits ? undefined : monthly;
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
  const load = loadOf({ functionKey, durationMs }, rps);
  return loadCost(changed, load, basis ?? tableBasis).monthly;
}

/** Without traffic and logs, of which a measurement from outside tells nothing. */
function loadOf(
  { functionKey, durationMs }: Pick<ProposalRequest, "functionKey" | "durationMs">,
  rps: number,
): Load {
  return { functionKey, durationMs, rps, payloadBytes: 0, internetBytes: 0, logBytes: 0 };
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
