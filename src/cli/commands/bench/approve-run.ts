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
  const least = (foreseen.usdOfRequests ?? 0) + (foreseen.usdOfInstances ?? 0);
  for (const line of billLines(plan, foreseen)) reporter.info(line);
  reporter.event("forecast", { ...foreseen, maxUsd: plan.maxUsd });
  if (least > plan.maxUsd) throw overBudget(least, plan.maxUsd);
  const message = `Put load on ${functionName} in ${region}?`;
  if (!(await prompter.confirm({ message, flag: "--yes" }))) throw declined();
}

function billLines(plan: Plan, { requests, hours, usdOfRequests, usdOfInstances }: Forecast) {
  const minutes = Math.max(1, Math.ceil(hours * 60));
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
      : `Further instances: at most ≈ ${dollars(usdOfInstances)}, if Lambda goes up to maxVCpu at once.`;
  return [
    `${count} in up to ${minutes} min${fee}.`,
    instances,
    `The run ends before ${usdOfInstances === undefined ? "its requests cost" : "it costs"} ${dollars(plan.maxUsd)} (--max-usd). What the function calls is not counted.`,
  ];
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
