import { type Verdict, verdictOf } from "../../../bench/knee.ts";
import { countOf, type Step, type StepLoad } from "../../../bench/step.ts";
import { textTable } from "../../output/text-table.ts";

export function loadText(load: StepLoad): string {
  return load.kind === "rate"
    ? `${amount(load.rps)} requests/s`
    : `${load.callers} caller${load.callers === 1 ? "" : "s"}`;
}

export function shortLoad(load: StepLoad): string {
  return load.kind === "rate" ? `${amount(load.rps)}/s` : loadText(load);
}

/** One line while a run goes on. */
export function stepText(step: Step, verdict: Verdict): string {
  const { latency, throughput } = step;
  const times = latency
    ? `p50 ${time(latency.p50)} · p99 ${time(latency.p99)}`
    : "nothing answered";
  const notSent = Object.keys(step.generator.notSent ?? {}).map((code) => ` (${code})`);
  const judged = [words[verdict], ...notSent].join("");
  return `  ${loadText(step.load).padEnd(18)} ${amount(throughput)}/s answered · ${times} · ${judged}`;
}

export const words = {
  holds: "holds",
  slow: "too slow",
  saturated: "cannot keep up",
  generator: "this machine cannot keep up",
  failing: "fails",
} as const;

/** All steps, at most 80 columns. */
export function stepTable(
  steps: readonly Step[],
  { p99, maxErrors }: { readonly p99: number | undefined; readonly maxErrors: number },
): string {
  const rows = steps.map((step) => [
    shortLoad(step.load),
    `${amount(step.throughput)}/s`,
    ...(["p50", "p99", "max"] as const).map((key) =>
      step.latency ? amount(step.latency[key]) : "-",
    ),
    String(countOf(step.throttled)),
    String(countOf(step.errors) + step.unanswered),
    percent(step.use?.cpu),
    percent(step.use?.memory),
    short[verdictOf(step, p99, maxErrors)],
  ]);
  const head = [
    "load",
    "answered",
    "p50 ms",
    "p99 ms",
    "max ms",
    "429",
    "errors",
    "CPU",
    "mem",
    "",
  ];
  return textTable([head, ...rows]);
}

const short = {
  holds: "",
  slow: "slow",
  saturated: "full",
  generator: "here",
  failing: "fails",
} as const;

/** Milliseconds, to three figures. */
export function time(ms: number): string {
  return ms < 1000 ? `${amount(ms)} ms` : `${amount(ms / 1000)} s`;
}

export function amount(value: number): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString("en-US", { maximumFractionDigits: 3 });
}

const percent = (value: number | undefined) =>
  value === undefined ? "-" : `${Math.round(value)} %`;
