import type { FunctionSettings, Settings } from "../settings.ts";
import { type Load, loadCost, requestsOf } from "./load-cost.ts";
import { type CostBasis, type PriceList, tableBasis, tablePrices } from "./prices.ts";

export interface Comparison {
  readonly rps: number;
  /** US dollars a month. */
  readonly managed: number;
  readonly ordinary: number;
}

export interface BreakEven {
  readonly rows: readonly Comparison[];
  /** Requests a second from which managed instances are cheaper; undefined: not within the rows. */
  readonly rps: number | undefined;
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
  const at = (rps: number): Comparison => ({
    rps,
    managed: loadCost(settings, { ...load, rps }, basis).monthly,
    ordinary: ordinaryCost(own, architecture, { ...load, rps }, basis.prices),
  });
  const rows = steps.map(at);
  return { rows, rps: crossing(rows, at) };
}

/** Between the last row where ordinary is cheaper and the next one, to two digits. */
function crossing(
  rows: readonly Comparison[],
  at: (rps: number) => Comparison,
): number | undefined {
  const index = rows.findLastIndex(({ managed, ordinary }) => ordinary <= managed);
  const [low, high] = [rows[index]?.rps, rows[index + 1]?.rps];
  if (high === undefined) return undefined;
  let [from, to] = [low ?? 0, high];
  while (to - from > to / 200) {
    const middle = (from + to) / 2;
    const { managed, ordinary } = at(middle);
    if (ordinary <= managed) from = middle;
    else to = middle;
  }
  return Number(to.toPrecision(2));
}
