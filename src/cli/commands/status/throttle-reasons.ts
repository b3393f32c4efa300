import { clock } from "./words.ts";
import type { FunctionLoad, ThrottleReason } from "./load.ts";
import type { LaunchFailure, VCpus, VersionView } from "./model.ts";

export interface ThrottleScene {
  readonly load: Omit<FunctionLoad, "throttleReasons">;
  /** Of `$LATEST.PUBLISHED`. */
  readonly version: VersionView | undefined;
  readonly vCpus: VCpus | undefined;
  readonly launchFailures: readonly LaunchFailure[];
}

/** So near to full is full: what was measured is a sample. */
const full = 0.95;
const cpuFull = 90;

/**
 * Why requests were turned away. CloudWatch counts throttles without a reason, and a refused request leaves no line in
 * the function's log; only its caller reads one, in the answer's `Reason`. So these are conclusions, each with what
 * shows it, not counts.
 */
export function throttleReasons(scene: ThrottleScene): ThrottleReason[] {
  if (!scene.load.throttles) return [];
  const found = [
    environmentsFull(scene),
    atMaximum(scene),
    launchFailed(scene),
    atCap(scene),
    cpuIsFull(scene),
  ].filter((reason) => reason !== undefined);
  if (found.length > 0) return found;
  return [
    {
      reason: "unknown",
      evidence: "CloudWatch counts throttles without a reason; callers are told it in the answer",
    },
  ];
}

function environmentsFull({ load }: ThrottleScene): ThrottleReason | undefined {
  const { concurrency, concurrencyLimit } = load;
  if (!concurrency || !concurrencyLimit) return undefined;
  if (concurrency.value < concurrencyLimit.value * full) return undefined;
  return {
    reason: "environments-full",
    evidence: `${concurrency.value} of ${concurrencyLimit.value} requests at once in an environment, ${clock(concurrency.time)}`,
  };
}

function atMaximum({ load, version }: ThrottleScene): ThrottleReason | undefined {
  const max = version?.scaling?.applied.max;
  const { environments } = load;
  // Paused since, it had another maximum when they came.
  if (!max || !environments || environments.value < max) return undefined;
  return {
    reason: "environments-at-maximum",
    evidence: `${environments.value} of at most ${max} environments, ${clock(environments.time)}`,
  };
}

function launchFailed({ launchFailures }: ThrottleScene): ThrottleReason | undefined {
  const [last] = launchFailures;
  return (
    last && {
      reason: "launch-failed",
      evidence: `${clock(last.time)} provider log: ${last.message}`,
    }
  );
}

/** Managed instances have at least two vCPUs (Lambda takes M and R from .large, C from .xlarge). */
const smallestInstance = 2;

function atCap({ vCpus }: ThrottleScene): ThrottleReason | undefined {
  const { headroom, cap, running } = vCpus ?? {};
  if (headroom === undefined || headroom >= smallestInstance) return undefined;
  return { reason: "vcpu-cap", evidence: `${running} of at most ${cap} vCPUs are running` };
}

function cpuIsFull({ load: { cpuMaximum } }: ThrottleScene): ThrottleReason | undefined {
  if (!cpuMaximum || cpuMaximum.value < cpuFull) return undefined;
  return {
    reason: "cpu-full",
    evidence: `an environment's CPU at ${Math.round(cpuMaximum.value)} %, ${clock(cpuMaximum.time)}`,
  };
}
