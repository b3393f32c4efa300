import { periodMs, type PeriodUse } from "../../../bench/period-use.ts";
import { textTable } from "../../output/text-table.ts";
import { wrap } from "../../output/wrap.ts";
import type { LateMetrics } from "./late-metrics.ts";

const columns = 80;

/** What CloudWatch told of the run, at most 80 columns; empty for one without CloudWatch. */
export function metricsText(metrics: LateMetrics | undefined): string {
  if (metrics === undefined) return "";
  const { periods } = metrics;
  const told = wrap(endings[metrics.state](metrics), 0, columns);
  if (periods.length === 0) return told;
  const head = ["CloudWatch, UTC", "environments", "CPU mean", "max", "memory mean", "max"];
  const table = textTable([head, ...periods.map(rowOf)]);
  return told === "" ? table : `${table}\n${told}`;
}

const endings: Readonly<Record<LateMetrics["state"], (metrics: LateMetrics) => string>> = {
  complete: () => "",
  late: ({ periods }) =>
    `CloudWatch's metrics did not ${periods.length > 0 ? "all " : ""}come while they were waited for (--wait-metrics): lmi status shows them later.`,
  interrupted: () => "CloudWatch's metrics were no longer waited for: lmi status shows them later.",
  failed: ({ failure }) => `CloudWatch's metrics could not be read: ${failure}`,
  skipped: () => "CloudWatch's metrics were not waited for: lmi status shows them later.",
};

function rowOf({ from, environments, cpu, memory }: PeriodUse): string[] {
  return [
    `${clock(from.getTime())}–${clock(from.getTime() + periodMs)}`,
    environments === undefined ? "-" : range(environments.least, environments.most),
    percent(cpu?.mean),
    percent(cpu?.most),
    percent(memory?.mean),
    percent(memory?.most),
  ];
}

const clock = (time: number) => new Date(time).toISOString().slice(11, 16);

const range = (least: number, most: number) =>
  least === most ? String(least) : `${least}–${most}`;

const percent = (value: number | undefined) =>
  value === undefined ? "-" : `${Math.round(value)} %`;
