import type { Aws } from "../../../aws/ports.ts";
import type { Allowance } from "../../../bench/load/load-spec.ts";
import { errorShare, type Verdict, verdictOf } from "../../../bench/knee.ts";
import { nextRate } from "../../../bench/search.ts";
import { type Step, type StepLoad, stepOf } from "../../../bench/step.ts";
import { isCapped, type StepTimes, warmUpTimes } from "../../../bench/step-times.ts";
import { LmiError } from "../../../errors.ts";
import type { BenchDeps } from "../bench.ts";
import { allowanceOf, type Bill, spentOn } from "./bill.ts";
import type { EnvironmentMeter } from "./environment-use.ts";
import type { Generator, LoadRequest } from "./generator.ts";
import type { Plan } from "./plan.ts";
import { searchOf, stepTimesOf } from "./plan-steps.ts";
import { whileRenewing } from "./renewal.ts";
import { loadText, stepText } from "./render-steps.ts";

export interface Run {
  readonly plan: Plan;
  readonly generator: Generator;
  readonly meter: EnvironmentMeter;
  readonly aws: Pick<Aws, "credentials" | "target">;
  /** Milliseconds after which Lambda itself must have answered. */
  readonly timeoutMs: number;
  /** undefined: costs nothing. */
  readonly bill: Bill | undefined;
}

export interface Ran {
  readonly steps: readonly Step[];
  readonly ended: "done" | "interrupted" | "errors" | "budget";
}

/** Callers of the warm-up. */
const warmUpCallers = 4;
/** Metrics of the local target can be read a second after what they tell of. */
const metricsAfterMs = 1200;

/** Warms up, then puts one load after the other on the function, until all are measured or something ends it. */
export async function runSteps(
  run: Run,
  deps: Pick<BenchDeps, "system" | "reporter">,
): Promise<Ran> {
  const { plan } = run;
  const { system, reporter } = deps;
  const began = system.now().getTime();
  const { mean, sent: sentBefore } = await warmUp(run, deps);
  let meanMs = mean;
  const search = searchOf(plan, meanMs);
  const steps: Step[] = [];
  let sent = sentBefore;
  for (;;) {
    if (system.interrupt.aborted) return { steps, ended: "interrupted" };
    const load =
      plan.loads === undefined ? found(nextRate(steps, search)) : plan.loads[steps.length];
    if (load === undefined) return { steps, ended: "done" };
    const elapsed = system.now().getTime() - began;
    const times = stepTimesOf(plan, load, { meanMs, timeoutMs: run.timeoutMs });
    const allowance = allowanceFor(run, { load, times, sent, elapsed });
    if (allowance === "budget") return { steps, ended: allowance };
    const step = await oneStep(run, { load, times, allowance }, meanMs, deps);
    const ended = endingOf(step, plan);
    if (ended === "budget" && step.requests === 0) return { steps, ended };
    steps.push(step);
    sent += step.sent;
    const verdict = verdictOf(step, plan.p99, plan.maxErrors);
    meanMs = meanAfter(step, verdict) ?? meanMs;
    reporter.event("load", { ...step, verdict });
    reporter.info(stepText(step, verdict));
    if (ended !== undefined) return { steps, ended };
  }
}

/** Why no step comes after this one; undefined: one may. */
function endingOf(step: Step, { maxErrors }: Plan): Ran["ended"] | undefined {
  if (step.interrupted) return "interrupted";
  return step.stopped ?? (errorShare(step) > maxErrors ? "errors" : undefined);
}

/** In an overloaded step requests wait: it does not tell how long one takes. */
function meanAfter({ latency }: Step, verdict: Verdict): number | undefined {
  return verdict === "holds" ? latency?.mean : undefined;
}

const found = (rps: number | undefined): StepLoad | undefined =>
  rps === undefined ? undefined : { kind: "rate", rps };

/** @returns milliseconds that a request takes when little is asked, undefined without a warm-up; and requests sent */
async function warmUp(
  { plan, generator, bill, timeoutMs }: Run,
  { system, reporter }: Pick<BenchDeps, "system" | "reporter">,
): Promise<{ readonly mean: number | undefined; readonly sent: number }> {
  if (plan.warmUpMs === 0) return { mean: undefined, sent: 0 };
  const load: StepLoad = { kind: "concurrency", callers: Math.max(warmUpCallers, plan.workers) };
  const startedAt = system.now();
  const results = await reporter.step("Warming up", () =>
    generator.run(
      {
        load,
        ...warmUpTimes({ durationMs: plan.warmUpMs, timeoutMs }),
        maxErrors: plan.maxErrors,
        allowance: bill && allowanceOf(bill, plan.maxUsd, 0, 0),
        arrivals: plan.arrivals,
        seed: plan.seed,
      },
      system.interrupt,
    ),
  );
  const step = stepOf(load, startedAt, results, undefined);
  if (step.latency === undefined && !step.interrupted) throw nothingAnswers(step);
  return { mean: step.latency?.mean, sent: step.sent };
}

function nothingAnswers({ errors, throttled, unanswered, generator }: Step): LmiError {
  const told = Object.entries({ ...errors, ...throttled, ...generator.notSent }).map(
    ([name, count]) => `${count} × ${name}`,
  );
  return new LmiError(
    "LMI_BENCH_NO_ANSWER",
    "The function answered none of the requests of the warm-up.",
    {
      why: told.length > 0 ? told.join(", ") : `${unanswered} requests were not answered in time.`,
      next: "See what one request says: lmi invoke",
    },
  );
}

interface PlannedStep {
  readonly load: StepLoad;
  readonly times: StepTimes;
}

async function oneStep(
  { plan, generator, meter, aws }: Run,
  { load, times, allowance }: PlannedStep & { readonly allowance: Allowance | undefined },
  meanMs: number | undefined,
  { system, reporter }: Pick<BenchDeps, "system" | "reporter">,
): Promise<Step> {
  generator.renew(await aws.credentials());
  const before = await meter.look(system.now());
  const startedAt = system.now();
  const renewed = { credentials: aws.credentials, renew: generator.renew };
  const putOn = (request: LoadRequest) =>
    whileRenewing(renewed, () => generator.run(request, system.interrupt));
  const results = await reporter.step(loadText(load), () =>
    putOn({
      load,
      ...times,
      maxErrors: plan.maxErrors,
      allowance,
      arrivals: plan.arrivals,
      seed: plan.seed,
    }),
  );
  if (aws.target.local && !system.interrupt.aborted) await system.sleep(metricsAfterMs);
  const after = await meter.look(system.now());
  const step = stepOf(load, startedAt, results, meter.between(before, after));
  const capped = isCapped(load, meanMs);
  return { ...step, settledMs: times.settleMs, generator: { ...step.generator, capped } };
}

/** What a load may spend, undefined where it costs nothing; `budget`: not enough is left for all of it. */
function allowanceFor(
  { bill, plan }: Run,
  {
    load,
    times: { settleMs, measureMs },
    sent,
    elapsed,
  }: PlannedStep & { readonly sent: number; readonly elapsed: number },
): Allowance | "budget" | undefined {
  if (bill === undefined) return undefined;
  const rps = load.kind === "rate" ? load.rps : 0;
  const takes = settleMs + measureMs;
  const isBeyond = spentOn(bill, sent + (rps * takes) / 1000, elapsed + takes) > plan.maxUsd;
  return isBeyond ? "budget" : allowanceOf(bill, plan.maxUsd, sent, elapsed);
}
