import { isLowerBound, type Knee, ratesOf } from "../knee.ts";
import { countOf, type Step } from "../step.ts";
import type { Line, Plot, Point } from "./plot.ts";

export interface PlotRequest {
  readonly steps: readonly Step[];
  readonly knee: Knee | undefined;
  /** Milliseconds. */
  readonly p99: number | undefined;
  /** Part of the requests that may fail, 0–1. */
  readonly maxErrors: number;
  /** US dollars a month at so many requests a second; undefined where it is not known. */
  readonly monthlyAt: ((rps: number) => number | undefined) | undefined;
}

/** Seen on white and on black. */
const colours = { first: "#1a9e6a", second: "#3b82d6", third: "#d9622b", fourth: "#888" };

/** The pictures of a report: latency, throughput, CPU and cost against the load. */
export function plotsOf(request: PlotRequest): Plot[] {
  const tries = triesOf(request);
  const isRate = request.steps[0]?.load.kind !== "concurrency";
  const frame: Frame = {
    xLabel: isRate ? "requests a second" : "callers at once",
    mark: request.knee && markOf(request.knee, isRate),
  };
  const { monthlyAt } = request;
  return [
    latencyPlot(frame, tries, request),
    throughputPlot(frame, tries),
    ...(request.steps.some(({ use }) => use?.cpu !== undefined) ? [usePlot(frame, tries)] : []),
    ...(monthlyAt === undefined || !isRate ? [] : [costPlot(frame, tries, monthlyAt)]),
  ];
}

function markOf(knee: Knee, isRate: boolean): Plot["mark"] {
  const x = isRate ? knee.rps : knee.concurrency;
  if (x === undefined || x === 0) return undefined;
  return { x, label: isLowerBound(knee) ? "no knee up to here" : "knee" };
}

type Frame = Pick<Plot, "xLabel" | "mark">;

function latencyPlot(frame: Frame, tries: Tries, { steps, p99 }: PlotRequest): Plot {
  return {
    ...frame,
    title: "Latency, from when a request was due",
    lines: [
      line(tries, "p50", colours.first, ({ latency }) => latency?.p50),
      line(tries, "p90", colours.second, ({ latency }) => latency?.p90),
      line(tries, "p99", colours.third, ({ latency }) => latency?.p99),
    ],
    ...(p99 === undefined ? {} : { level: { y: p99, label: `wanted p99 (${milliseconds(p99)})` } }),
    format: milliseconds,
    yMax: latencyTop(steps, p99),
  };
}

function throughputPlot(frame: Frame, tries: Tries): Plot {
  const refused = perSecond(({ throttled }) => countOf(throttled));
  const failed = perSecond(({ errors }) => countOf(errors));
  return {
    ...frame,
    title: "Throughput",
    lines: [
      line(tries, "answered a second", colours.first, ({ throughput }) => throughput),
      line(tries, "refused (429) a second", colours.third, refused),
      line(tries, "failed a second", colours.fourth, failed),
    ],
    format: count,
  };
}

function usePlot(frame: Frame, tries: Tries): Plot {
  return {
    ...frame,
    title: "Use of an execution environment",
    lines: [
      line(tries, "CPU", colours.first, ({ use }) => use?.cpu),
      line(tries, "memory", colours.second, ({ use }) => use?.memory),
    ],
    format: (value) => `${count(value)} %`,
  };
}

function costPlot(
  frame: Frame,
  tries: Tries,
  monthlyAt: NonNullable<PlotRequest["monthlyAt"]>,
): Plot {
  const monthly = ({ throughput }: Step) => monthlyAt(throughput);
  return {
    ...frame,
    title: "Cost of the proposed settings, with so many requests all month",
    lines: [line(tries, "US dollars a month", colours.second, monthly)],
    format: (value) => `$${count(value)}`,
  };
}

function line(
  { counted, others }: Tries,
  label: string,
  colour: string,
  of: (step: Step) => number | undefined,
): Line {
  const pointOf = (step: Step): Point => [loadOf(step), of(step)];
  return { label, colour, points: counted.map(pointOf), others: others.map(pointOf) };
}

/** Of a rate that was tried several times the line goes through the try that decided; the others are beside it. */
interface Tries {
  readonly counted: readonly Step[];
  readonly others: readonly Step[];
}

function triesOf({ steps, p99, maxErrors }: PlotRequest): Tries {
  if (steps[0]?.load.kind !== "rate")
    return { counted: steps.toSorted((one, other) => loadOf(one) - loadOf(other)), others: [] };
  const counted = ratesOf(steps, p99, maxErrors).map(({ step }) => step);
  return { counted, others: steps.filter((step) => !counted.includes(step)) };
}

function loadOf({ load }: Step): number {
  return load.kind === "rate" ? load.rps : load.callers;
}

const perSecond = (of: (step: Step) => number) => (step: Step) =>
  step.seconds > 0 ? of(step) / step.seconds : undefined;

/** In overload times grow as long as one waits, and would press everything else flat. */
function latencyTop(steps: readonly Step[], p99: number | undefined): number {
  const usual = Math.max(
    0,
    ...steps
      .filter(
        ({ unanswered, overrun, throughput, offered }) =>
          unanswered === 0 && !overrun && throughput > 0.97 * offered,
      )
      .map(({ latency }) => latency?.p99 ?? 0),
  );
  const all = Math.max(1, ...steps.map(({ latency }) => latency?.p99 ?? 0));
  return Math.min(all, Math.max(4 * usual, 2 * (p99 ?? 0)) || all);
}

const count = (value: number) =>
  value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });
const milliseconds = (value: number) =>
  value >= 1000 ? `${count(value / 1000)} s` : `${count(value)} ms`;
