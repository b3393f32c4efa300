import { withPeriods } from "../../../bench/period-use.ts";
import { LmiError } from "../../../errors.ts";
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
import { lateMetrics } from "./late-metrics.ts";
import { measuredSettings } from "./measured-settings.ts";
import type { Plan } from "./plan.ts";
import { reportFile } from "./report-file.ts";
import { renderResult } from "./render.ts";
import { resultOf } from "./result-of.ts";
import { routeOf } from "./route.ts";
import { type Ran, runSteps } from "./run-steps.ts";
import { subjectOf } from "./subject.ts";
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
  const route = await routeOf(functionName, options, aws);
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
  const waitMs = ran.ended === "errors" ? 0 : plan.waitMetricsMs;
  const metrics = local
    ? undefined
    : await lateMetrics({ aws, subject, steps: ran.steps, waitMs, clockOffsetMs }, deps);
  const steps = metrics ? withPeriods(ran.steps, metrics.periods, clockOffsetMs) : ran.steps;
  const { result, monthlyAt } = resultOf({
    ran: { ...ran, steps },
    metrics,
    plan,
    subject,
    measured,
    prices,
    place: { local, region, url: route.url && `${route.origin}${route.path}` },
  });
  const { report, failure } = await writeReport(file, result, monthlyAt, system);
  reporter.result({ ...result, report }, renderResult);
  if (ran.ended === "errors") throw tooManyErrors(ran, plan);
  if (failure) throw failure;
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
