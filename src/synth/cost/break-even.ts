import type { FunctionSettings, Settings } from "../settings.ts";
import { sumOf } from "./cost-item.ts";
import { type Load, loadCost, requestsOf } from "./load-cost.ts";
import { type CostBasis, type PriceList, tableBasis, tablePrices } from "./prices.ts";

export interface Comparison {
  readonly rps: number;
  /** US dollars a month. */
  readonly managed: number;
  readonly ordinary: number;
  /** More than maxEnvironments or maxVCpu let managed instances take: what they would cost is no answer to it. */
  readonly beyondLimits: boolean;
}

export interface BreakEven {
  readonly rows: readonly Comparison[];
  /** Requests a second from which managed instances are cheaper; undefined: not within the rows, or their limits. */
  readonly rps: number | undefined;
  /** The highest rate that maxEnvironments and maxVCpu let through; undefined: not within the rows. */
  readonly limit: Comparison | undefined;
}

/** Requests a second that the comparison looks at. */
const steps = [0.1, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const;

/** An ordinary Lambda function of the same memory: each request pays for its own time, and waits for nobody. */
export function ordinaryCost(
  own: FunctionSettings,
  architecture: "x86_64" | "arm64",
  load: Load,
  prices: PriceList = tablePrices,
): number {
  const requests = requestsOf(load);
  const gigabyteSeconds = requests * (load.durationMs / 1000) * (own.memory / 1024);
  const logs = ((requests * load.logBytes) / 1e9) * prices.logGigabyte;
  const internet = ((requests * load.internetBytes) / 1e9) * prices.internetGigabyte;
  return (
    gigabyteSeconds * prices.gigabyteSecond[architecture] +
    (requests / 1e6) * prices.millionRequests +
    logs +
    internet
  );
}

/**
 * Managed instances against an ordinary function, for the same requests at growing rates. An ordinary function has one
 * request in each environment; its memory is taken to be the same, although one request may need less.
 */
export function breakEven(
  settings: Settings,
  architecture: "x86_64" | "arm64",
  load: Omit<Load, "rps">,
  basis: CostBasis = tableBasis,
): BreakEven {
  const own = settings.functions[load.functionKey];
  if (own === undefined) throw new TypeError(`no function ${load.functionKey}`);
  const at = (rps: number): Comparison => {
    const { items, beyondLimits } = loadCost(settings, { ...load, rps }, basis);
    // An ordinary function has the same pollers.
    const monthly = sumOf(items.filter(({ kind }) => kind !== "pollers"));
    const ordinary = ordinaryCost(own, architecture, { ...load, rps }, basis.prices);
    return { rps, managed: monthly, ordinary, beyondLimits };
  };
  const rows = steps.map(at);
  const limit = limitOf(rows, at);
  const within = rows.filter(({ beyondLimits }) => !beyondLimits);
  return { rows, rps: crossing(limit ? [...within, limit] : within, at), limit };
}

type At = (rps: number) => Comparison;

/** Between the last row that the limits let through and the next one, to three digits. */
function limitOf(rows: readonly Comparison[], at: At): Comparison | undefined {
  const index = rows.findIndex(({ beyondLimits }) => beyondLimits);
  const high = rows[index]?.rps;
  if (high === undefined) return undefined;
  const rps = lastWhere(rows[index - 1]?.rps ?? 0, high, 10_000, (rate) => !at(rate).beyondLimits);
  return { ...at(rps), rps: Number(rps.toPrecision(3)) };
}

/** Between the last row where ordinary is cheaper and the next one, to two digits. */
function crossing(rows: readonly Comparison[], at: At): number | undefined {
  const index = rows.findLastIndex(({ managed, ordinary }) => ordinary <= managed);
  const high = rows[index + 1]?.rps;
  if (high === undefined) return undefined;
  const last = lastWhere(rows[index]?.rps ?? 0, high, 200, (rate) => {
    const { managed, ordinary } = at(rate);
    return ordinary <= managed;
  });
  return Number(last.toPrecision(2));
}

/** The highest rate between two where something still holds, as exactly as one part in so many. */
function lastWhere(
  low: number,
  high: number,
  parts: number,
  holds: (rps: number) => boolean,
): number {
  let [from, to] = [low, high];
  while (to - from > to / parts && to > 1e-6) {
    const middle = (from + to) / 2;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return from;
}
