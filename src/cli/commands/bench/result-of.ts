import { confidenceIn } from "../../../bench/confidence.ts";
import { type Knee, kneeOf, rateOf } from "../../../bench/knee.ts";
import {
  monthlyOf,
  type Proposal,
  propose,
  type ProposalRequest,
} from "../../../bench/proposal.ts";
import type { Step } from "../../../bench/step.ts";
import { useAtKnee } from "../../../bench/use-at-knee.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import type { LateMetrics } from "./late-metrics.ts";
import type { Measured } from "./measured-settings.ts";
import type { Plan } from "./plan.ts";
import type { BenchResult } from "./render.ts";
import type { Ran } from "./run-steps.ts";
import type { Subject } from "./subject.ts";

export interface Finished {
  readonly ran: Ran;
  readonly metrics: LateMetrics | undefined;
  readonly plan: Plan;
  readonly subject: Subject;
  readonly measured: Measured | undefined;
  readonly prices: PriceList;
  readonly place: BenchResult["place"];
}

/** What a run comes to, and the costs of what is proposed under other loads. */
export function resultOf(finished: Finished) {
  const { ran, metrics, plan, subject, place } = finished;
  const { steps, ended } = ran;
  const { targetRps: rps, p99, maxErrors } = plan;
  const knee = kneeOf(steps, p99, maxErrors);
  const below = knee && belowKnee(steps, knee);
  const request = knee && below && proposalRequest(finished, knee, below);
  const proposal = request && propose(request);
  const targetRps = rps ?? proposal?.targetRps;
  const result: Omit<BenchResult, "report"> = {
    function: subject,
    place,
    wanted: { rps, p99, maxErrors },
    ended,
    steps,
    metrics,
    knee,
    proposal,
    confidence: confidenceIn({
      steps,
      knee,
      targetRps,
      p99,
      maxErrors,
      local: place.local,
      environmentsMeasured: areEnvironmentsKnown(subject, request),
      periods: metrics?.periods.length,
    }),
  };
  return { result, monthlyAt: request && proposal && monthlyAtOf(request, proposal) };
}

/** Measured, or as many as Lambda may not leave. */
function areEnvironmentsKnown(
  { minEnvironments, maxEnvironments }: Subject,
  request: ProposalRequest | undefined,
): boolean {
  return request?.use?.environments !== undefined || minEnvironments === maxEnvironments;
}

function monthlyAtOf(request: ProposalRequest, proposal: Proposal) {
  return (rps: number) => (rps > 0 ? monthlyOf(request, proposal, rps) : undefined);
}

/** Without a target, settings are proposed for what was reached. */
function proposalRequest(
  { ran, plan, subject, measured, prices }: Finished,
  knee: Knee,
  { latency }: Step,
): ProposalRequest | undefined {
  if (measured === undefined || latency === undefined) return undefined;
  const use = useAtKnee(ran.steps, knee);
  return {
    ...measured,
    knee,
    environments: use?.environments ?? subject.minEnvironments,
    use,
    durationMs: latency.mean,
    targetRps: plan.targetRps ?? Math.max(1, Math.round(knee.rps)),
    basis: { prices },
  };
}

/** The step that shows the function at its best: the highest that held, of rates or callers. */
function belowKnee(steps: readonly Step[], knee: Knee): Step | undefined {
  const rate = steps.find((step) => step.load.kind === "rate" && rateOf(step) === knee.from);
  if (rate !== undefined) return rate;
  return steps.find(
    ({ load, throughput }) => load.kind === "concurrency" && throughput === knee.from,
  );
}
