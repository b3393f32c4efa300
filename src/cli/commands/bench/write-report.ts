import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

import { pageOf } from "../../../bench/report/page.ts";
import { plotsOf } from "../../../bench/report/plots.ts";
import { verdictOf } from "../../../bench/knee.ts";
import { countOf, type Step } from "../../../bench/step.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { System } from "../../system.ts";
import type { BenchResult } from "./render.ts";
import { renderResult } from "./render.ts";
import { amount, loadText, words } from "./render-steps.ts";

/** Costs of the proposed settings under other loads; undefined where nothing is proposed. */
export type MonthlyAt = (rps: number) => number | undefined;

/** @returns the file that was written, as a person in this folder would name it */
export async function writeReport(
  name: string | undefined,
  result: Omit<BenchResult, "report">,
  monthlyAt: MonthlyAt | undefined,
  system: Pick<System, "cwd" | "now">,
): Promise<string> {
  const file = resolve(system.cwd, name ?? join(".lmi", usualName(result, system.now())));
  const shown = relative(system.cwd, file);
  const title = `${result.function.functionName} under load, ${result.place.local ? "local target" : result.place.region}`;
  const page = pageOf({
    title,
    summary: renderResult({ ...result, report: shown }),
    plots: plotsOf({ ...result, p99: result.wanted.p99, monthlyAt }),
    head: [
      "load",
      "offered/s",
      "answered/s",
      "mean ms",
      "p50",
      "p90",
      "p95",
      "p99",
      "p99.9",
      "max",
      "429",
      "errors",
      "unanswered",
      "CPU %",
      "memory %",
      "environments",
      "late p99 ms",
      "",
    ],
    rows: result.steps.map((step) => rowOf(step, result.wanted.p99)),
  });
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, page);
    return shown;
  } catch (error) {
    throw new LmiError("LMI_OUTPUT_NOT_WRITABLE", `The report cannot be written to ${file}.`, {
      why: error instanceof Error ? error.message : String(error),
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

function usualName(
  { function: { functionName } }: Pick<BenchResult, "function">,
  now: Date,
): string {
  const safe = functionName.replaceAll(/[^\w-]+/g, "_");
  return `bench-${safe}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}.html`;
}

function rowOf(step: Step, p99: number | undefined): string[] {
  const { latency, use } = step;
  const keys = ["mean", "p50", "p90", "p95", "p99", "p999", "max"] as const;
  return [
    loadText(step.load),
    amount(step.offered),
    amount(step.throughput),
    ...keys.map((key) => optional(latency?.[key])),
    counts(step.throttled),
    counts(step.errors),
    String(step.unanswered),
    optional(use?.cpu),
    optional(use?.memory),
    optional(use?.environments),
    amount(step.generator.lateP99),
    words[verdictOf(step, p99)],
  ];
}

/** `12 ConcurrentInvocationLimitExceeded`. */
function counts(of: Readonly<Record<string, number>>): string {
  const entries = Object.entries(of);
  return countOf(of) === 0 ? "0" : entries.map(([name, count]) => `${count} ${name}`).join(", ");
}

function optional(value: number | undefined): string {
  return value === undefined ? "" : amount(value);
}
