import { ExitCode, LmiError } from "../../../errors.ts";
import { declined } from "../../declined.ts";
import type { BenchDeps } from "../bench.ts";
import { type Forecast, logKilobytes } from "./bill.ts";
import type { Plan } from "./plan.ts";

/** Says what a run on AWS will cost, refuses one beyond the budget, and asks. */
export async function approveRun(
  { functionName, region }: { readonly functionName: string; readonly region: string },
  plan: Plan,
  foreseen: Forecast,
  { reporter, prompter }: Pick<BenchDeps, "reporter" | "prompter">,
): Promise<void> {
  for (const line of billLines(plan, foreseen)) reporter.info(line);
  reporter.event("forecast", { ...foreseen, maxUsd: plan.maxUsd });
  if (foreseen.usd > plan.maxUsd) throw overBudget(foreseen.usd, plan.maxUsd);
  const message = `Put load on ${functionName} in ${region}?`;
  if (!(await prompter.confirm({ message, flag: "--yes" }))) throw declined();
}

function billLines(plan: Plan, foreseen: Forecast) {
  const { requests, usdOfRequests, usdOfInstances } = foreseen;
  const count =
    requests === undefined
      ? "As many requests as it takes"
      : `About ${requests.toLocaleString("en-US")} requests`;
  const fee =
    usdOfRequests === undefined
      ? ""
      : `, ≈ ${dollars(usdOfRequests)} with ${logKilobytes} kB of log each`;
  const instances =
    usdOfInstances === undefined
      ? "What further instances cost is not known: the settings do not have this function."
      : `Further instances: at most ≈ ${dollars(usdOfInstances)}, if Lambda goes up to maxVCpu at once and answers take their longest.`;
  const wait = plan.waitMetricsMs / 60_000;
  const waiting =
    wait === 0
      ? []
      : [
          `Then up to ${Number(wait.toFixed(1))} min for CloudWatch's metrics, which costs less than $0.01 (--wait-metrics).`,
        ];
  return [
    `${count} in ${minutesOf(foreseen)}${fee}.`,
    instances,
    `The run ends before ${usdOfInstances === undefined ? "its requests cost" : "it costs"} ${dollars(plan.maxUsd)} (--max-usd). What the function calls is not counted.`,
    ...waiting,
  ];
}

/** As it usually takes, and at most. */
function minutesOf({ hours, mostHours }: Forecast): string {
  const [usual, most] = [hours, mostHours].map((each) => Math.max(1, Math.ceil(each * 60)));
  return usual === most ? `about ${usual} min` : `${usual}–${most} min`;
}

const dollars = (usd: number) => `$${usd < 0.01 && usd > 0 ? "0.01" : usd.toFixed(2)}`;

function overBudget(usd: number, maxUsd: number): LmiError {
  return new LmiError(
    "LMI_BENCH_BUDGET",
    `This run may cost ${dollars(usd)}, and ${dollars(maxUsd)} are allowed (--max-usd).`,
    {
      why: "Counted are requests, their logs, and instances up to maxVCpu while it runs and a while after.",
      next: `Allow it with --max-usd ${Math.ceil(usd)}, or ask for less: --duration, --rps`,
      exitCode: ExitCode.usage,
    },
  );
}
