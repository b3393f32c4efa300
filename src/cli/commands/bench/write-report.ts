import { writeFile } from "node:fs/promises";
import { relative } from "node:path";

import { pageOf } from "../../../bench/report/page.ts";
import { plotsOf } from "../../../bench/report/plots.ts";
import type { LmiError } from "../../../errors.ts";
import { verdictOf } from "../../../bench/knee.ts";
import { countOf, type Step } from "../../../bench/step.ts";
import type { System } from "../../system.ts";
import type { BenchResult } from "./render.ts";
import { renderResult } from "./render.ts";
import { reportNotWritable } from "./report-file.ts";
import { amount, shortLoad, words } from "./render-steps.ts";

/** Costs of the proposed settings under other loads; undefined where nothing is proposed. */
export type MonthlyAt = (rps: number) => number | undefined;

interface Written {
  readonly report?: string;
  readonly failure?: LmiError;
}

/** @returns the file that was written, as a person in this folder would name it, or why it could not be */
export async function writeReport(
  file: string,
  result: Omit<BenchResult, "report">,
  monthlyAt: MonthlyAt | undefined,
  { cwd }: Pick<System, "cwd">,
): Promise<Written> {
  const shown = relative(cwd, file);
  const title = `${result.function.functionName} under load, ${result.place.local ? "local target" : result.place.region}${result.place.url === undefined ? "" : ", by its URL"}`;
  const page = pageOf({
    title,
    summary: renderResult({ ...result, report: shown }),
    plots: plotsOf({ ...result, ...result.wanted, monthlyAt }),
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
    rows: result.steps.map((step) => rowOf(step, result.wanted)),
  });
  try {
    await writeFile(file, page);
    return { report: shown };
  } catch (error) {
    return { failure: reportNotWritable(file, error) };
  }
}

function rowOf(step: Step, { p99, maxErrors }: BenchResult["wanted"]): string[] {
  const { latency, use } = step;
  const keys = ["mean", "p50", "p90", "p95", "p99", "p999", "max"] as const;
  return [
    shortLoad(step.load),
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
    words[verdictOf(step, p99, maxErrors)],
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
