import type { Confidence } from "../../../bench/confidence.ts";
import { isLowerBound, type Knee } from "../../../bench/knee.ts";
import type { Proposal, ProposedSettings } from "../../../bench/proposal.ts";
import type { Step } from "../../../bench/step.ts";
import { approximately } from "../../../synth/cost/monthly-cost.ts";
import { textTable } from "../../output/text-table.ts";
import { wrap } from "../../output/wrap.ts";
import type { LateMetrics } from "./late-metrics.ts";
import { metricsText } from "./render-metrics.ts";
import { amount, stepTable, time } from "./render-steps.ts";
import type { Ran } from "./run-steps.ts";
import type { Subject } from "./subject.ts";

/** What a run comes to: the answer of `lmi bench --json`. Rates are requests a second, times milliseconds. */
export interface BenchResult {
  readonly function: Subject;
  readonly place: {
    readonly local: boolean;
    readonly region: string;
    /** The function URL that was asked; undefined: Invoke. */
    readonly url: string | undefined;
  };
  readonly wanted: {
    readonly rps: number | undefined;
    readonly p99: number | undefined;
    /** Part of the requests that may fail, 0–1. */
    readonly maxErrors: number;
  };
  readonly ended: Ran["ended"];
  readonly steps: readonly Step[];
  /** Of CloudWatch; undefined on the local target, which tells at once. */
  readonly metrics: LateMetrics | undefined;
  readonly knee: Knee | undefined;
  readonly proposal: Proposal | undefined;
  readonly confidence: Confidence;
  /** The HTML page; undefined where it could not be written. */
  readonly report: string | undefined;
}

const columns = 80;

export function renderResult(result: BenchResult): string {
  const { steps, wanted, report } = result;
  return [
    stepTable(steps, wanted),
    metricsText(result.metrics),
    endings[result.ended],
    kneeText(result.knee, wanted.p99),
    ...(result.proposal ? [proposalText(result.proposal, result.knee)] : []),
    confidenceText(result.confidence),
    report === undefined ? "" : `Report: ${report}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const endings: Readonly<Record<Ran["ended"], string>> = {
  done: "",
  interrupted: "It was interrupted: this is what was measured until then.",
  errors: "Too many requests failed (--max-errors): no further load was put on the function.",
  budget: "It ended early: more load might have cost more than --max-usd allows.",
};

const limits: Readonly<Record<Knee["limit"], string>> = {
  saturated: "there it no longer answers as fast as it is asked",
  throttles: "there Lambda refuses requests (429)",
  slow: "beyond it 99 of 100 requests no longer come within the wanted time",
  generator: "this machine was the limit, not the function (--workers)",
  failing: "there requests fail",
  none: "it was not reached: the function can do more",
};

function kneeText(knee: Knee | undefined, p99: number | undefined): string {
  if (knee === undefined) return "No knee: nothing was measured to its end.";
  const within = p99 === undefined ? "" : ` within ${time(p99)}`;
  const under =
    knee.concurrency === undefined ? "" : `, ${amount(knee.concurrency)} requests under way`;
  const between =
    knee.to === undefined || knee.to === knee.from
      ? ""
      : ` (${amount(knee.from)}/s held, ${amount(knee.to)}/s did not)`;
  return wrap(
    `Knee: ${isLowerBound(knee) && knee.rps > 0 ? "beyond " : ""}${amount(knee.rps)} requests/s${within}${under}${between}; ${limits[knee.limit]}.`,
    2,
    columns,
  );
}

function proposalText(proposal: Proposal, knee: Knee | undefined): string {
  const { now, settings, targetRps, monthly, perMillion, atMost } = proposal;
  const row = (name: keyof ProposedSettings) => [
    `  ${name}`,
    String(now[name] ?? "no limit"),
    `${atMost.includes(name) ? "≤ " : ""}${settings[name]}`,
  ];
  const rows = (
    [
      "memory",
      "memoryPerVCpu",
      "concurrency",
      "minEnvironments",
      "maxEnvironments",
      "maxVCpu",
    ] as const
  ).map(row);
  return [
    textTable([[`For ${amount(targetRps)} requests/s`, "now", "proposed"], ...rows]),
    wrap(
      `${atMost.length > 0 ? "At most " : ""}${approximately(monthly)} a month under that load, $${perMillion.toFixed(2)} a million requests. ${deployedText(proposal, knee?.from ?? 0)}`,
      0,
      columns,
    ),
    ...proposal.reasons.map((reason) => wrap(`  ${reason}`, 4, columns)),
  ].join("\n");
}

/** What is said of the settings as they are. */
function deployedText({ targetRps, monthlyNow, atMost }: Proposal, heldRps: number): string {
  const isBound = atMost.length > 0;
  if (monthlyNow !== undefined)
    return `What is deployed would cost ${isBound ? "at most " : ""}${approximately(monthlyNow)}.`;
  if (heldRps >= targetRps)
    return `What is deployed carried it, ${isBound ? "and more was not tried" : "without headroom"}.`;
  return isBound
    ? "Whether what is deployed would carry it was not tried."
    : "What is deployed would not carry it.";
}

function confidenceText({ level, doubts }: Confidence): string {
  const words = { high: "sure", medium: "fairly sure", low: "not sure" }[level];
  const head = `How sure: ${words}${doubts.length > 0 ? ", because" : ""}`;
  return [head, ...doubts.map((doubt) => wrap(`  ${doubt}`, 2, columns))].join("\n");
}
