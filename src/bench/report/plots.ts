import { isLowerBound, type Knee } from "../knee.ts";
import { countOf, type Step } from "../step.ts";
import type { Line, Plot } from "./plot.ts";

export interface PlotRequest {
  readonly steps: readonly Step[];
  readonly knee: Knee | undefined;
  /** Milliseconds. */
  readonly p99: number | undefined;
  /** US dollars a month at so many requests a second; undefined where it is not known. */
  readonly monthlyAt: ((rps: number) => number | undefined) | undefined;
}

const colours = { first: "#0a6", second: "#06c", third: "#c40", fourth: "#888" };

/** The pictures of a report: latency, throughput, CPU and cost against the load. */
export function plotsOf(request: PlotRequest): Plot[] {
  const { knee } = request;
  const steps = request.steps.toSorted((one, other) => loadOf(one) - loadOf(other));
  const isRate = steps[0]?.load.kind !== "concurrency";
  const at = isRate ? knee?.rps : knee?.concurrency;
  const frame: Frame = {
    xLabel: isRate ? "requests a second" : "callers at once",
    mark:
      at === undefined || at === 0
        ? undefined
        : { x: at, label: knee && isLowerBound(knee) ? "no knee up to here" : "knee" },
  };
  const { monthlyAt } = request;
  return [
    latencyPlot(frame, steps, request.p99),
    throughputPlot(frame, steps),
    usePlot(frame, steps),
    ...(monthlyAt === undefined || !isRate ? [] : [costPlot(frame, steps, monthlyAt)]),
  ];
}

type Frame = Pick<Plot, "xLabel" | "mark">;

function latencyPlot(frame: Frame, steps: readonly Step[], p99: number | undefined): Plot {
  return {
    ...frame,
    title: "Latency, from when a request was due",
    lines: [
      line(steps, "p50", colours.first, ({ latency }) => latency?.p50),
      line(steps, "p90", colours.second, ({ latency }) => latency?.p90),
      line(steps, "p99", colours.third, ({ latency }) => latency?.p99),
    ],
    ...(p99 === undefined ? {} : { level: { y: p99, label: "wanted p99" } }),
    format: milliseconds,
    yMax: latencyTop(steps, p99),
  };
}

function throughputPlot(frame: Frame, steps: readonly Step[]): Plot {
  const refused = perSecond(({ throttled }) => countOf(throttled));
  const failed = perSecond(({ errors }) => countOf(errors));
  return {
    ...frame,
    title: "Throughput",
    lines: [
      line(steps, "answered a second", colours.first, ({ throughput }) => throughput),
      line(steps, "refused (429) a second", colours.third, refused),
      line(steps, "failed a second", colours.fourth, failed),
    ],
    format: count,
  };
}

function usePlot(frame: Frame, steps: readonly Step[]): Plot {
  return {
    ...frame,
    title: "Use of an execution environment",
    lines: [
      line(steps, "CPU", colours.first, ({ use }) => use?.cpu),
      line(steps, "memory", colours.second, ({ use }) => use?.memory),
    ],
    format: (value) => `${count(value)} %`,
  };
}

function costPlot(
  frame: Frame,
  steps: readonly Step[],
  monthlyAt: NonNullable<PlotRequest["monthlyAt"]>,
): Plot {
  const monthly = ({ throughput }: Step) => monthlyAt(throughput);
  return {
    ...frame,
    title: "Cost of the proposed settings, with so many requests all month",
    lines: [line(steps, "US dollars a month", colours.second, monthly)],
    format: (value) => `$${count(value)}`,
  };
}

function line(
  steps: readonly Step[],
  label: string,
  colour: string,
  of: (step: Step) => number | undefined,
): Line {
  return { label, colour, points: steps.map((step) => [loadOf(step), of(step)]) };
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
