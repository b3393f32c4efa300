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
import { ExitCode, LmiError } from "../../../errors.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import { keptPrices } from "../../prices/kept-prices.ts";
import { projectOf } from "../../project-of.ts";
import { targetOptions } from "../../shared-options.ts";
import type { BenchDeps, BenchOptions } from "../bench.ts";
import { functionOf } from "../function-of.ts";
import { approveRun } from "./approve-run.ts";
import { billOf, forecast } from "./bill.ts";
import { clockOffset } from "./clock-offset.ts";
import { EnvironmentMeter } from "./environment-use.ts";
import { readEvents } from "./events.ts";
import { startGenerator } from "./generator.ts";
import { type Measured, measuredSettings } from "./measured-settings.ts";
import type { Plan } from "./plan.ts";
import { reportFile } from "./report-file.ts";
import { type BenchResult, renderResult } from "./render.ts";
import { type Ran, runSteps } from "./run-steps.ts";
import { type Subject, subjectOf } from "./subject.ts";
import { writeReport } from "./write-report.ts";

/** Seconds beyond the function's timeout until Lambda itself must have answered. */
const answerMargin = 10;

/** One run: what is to be loaded, what it costs, the load, and what it shows. */
export async function benchFunction(
  options: BenchOptions,
  plan: Plan,
  deps: BenchDeps,
): Promise<void> {
  const { system, reporter } = deps;
  const [project, events] = await Promise.all([
    projectOf(options, system),
    readEvents(options, system),
  ]);
  const functionName = functionOf(options.function, project);
  const aws = await deps.aws(targetOptions(options, project));
  const subject = await subjectOf(functionName, aws);
  const measured = await measuredSettings(options, subject, system);
  const { local, region } = aws.target;
  const prices = keptPrices(region, system);
  const bill = local ? undefined : billOf(measured?.settings, prices);
  const timeoutMs = (subject.timeout + answerMargin) * 1000;
  const route = await aws.invocationRoutes.find(functionName, options.qualifier);
  if (route.proxy !== undefined) throw behindProxy(route.origin);
  const file = await reportFile(options.report, functionName, system);
  if (bill) {
    const foreseen = forecast(plan, bill, timeoutMs);
    await approveRun({ functionName, region }, plan, foreseen, deps);
  }
  const [credentials, clockOffsetMs] = await Promise.all([
    aws.credentials(),
    clockOffset(aws, system),
  ]);
  const generator = startGenerator(
    { route, events, credentials, timeoutMs, clockOffsetMs },
    plan.workers,
  );
  const meter = new EnvironmentMeter(aws, subject, system.now());
  const ran = await runSteps({ plan, generator, meter, aws, bill, timeoutMs }, deps).finally(() =>
    generator.close(),
  );
  const { result, monthlyAt } = resultOf({ ran, plan, subject, measured, prices, local, region });
  const { report, failure } = await writeReport(file, result, monthlyAt, system);
  reporter.result({ ...result, report }, renderResult);
  if (ran.ended === "errors") throw tooManyErrors(ran, plan);
  if (failure) throw failure;
}

interface Finished {
  readonly ran: Ran;
  readonly plan: Plan;
  readonly subject: Subject;
  readonly measured: Measured | undefined;
  readonly prices: PriceList;
  readonly local: boolean;
  readonly region: string;
}

function resultOf(finished: Finished) {
  const { ran, plan, subject, local, region } = finished;
  const { steps, ended } = ran;
  const { targetRps: rps, p99, maxErrors } = plan;
  const knee = kneeOf(steps, p99, maxErrors);
  const below = knee && belowKnee(steps, knee);
  const request = knee && below && proposalRequest(finished, knee, below);
  const proposal = request && propose(request);
  const targetRps = rps ?? proposal?.targetRps;
  const environmentsMeasured = request?.use?.environments !== undefined;
  const result: Omit<BenchResult, "report"> = {
    function: subject,
    place: { local, region },
    wanted: { rps, p99, maxErrors },
    ended,
    steps,
    knee,
    proposal,
    confidence: confidenceIn({
      steps,
      knee,
      targetRps,
      p99,
      maxErrors,
      local,
      environmentsMeasured,
    }),
  };
  return { result, monthlyAt: request && proposal && monthlyAtOf(request, proposal) };
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

function behindProxy(origin: string): LmiError {
  const { hostname } = new URL(origin);
  return new LmiError("LMI_BENCH_PROXY", `A proxy stands between this machine and ${hostname}.`, {
    why: "Load would measure the proxy, and may be more than it takes.",
    next: `Run it where AWS is reached without one, or except it: NO_PROXY=${hostname}`,
    exitCode: ExitCode.usage,
  });
}

function tooManyErrors({ steps }: Ran, { maxErrors }: Plan): LmiError {
  const errors = Object.entries(steps.at(-1)?.errors ?? {});
  return new LmiError(
    "LMI_BENCH_ERRORS",
    `More than ${Math.round(maxErrors * 100)} % of the requests failed (--max-errors); the run was ended.`,
    {
      why: errors.map(([name, count]) => `${count} × ${name}`).join(", "),
      next: "See why: lmi logs --failed-only",
    },
  );
}
