import type { Finding, Place } from "../finding.ts";
import type { Holdings, WaveDone } from "../run/worker/records.ts";
import { reasonOf } from "./reasons.ts";
import type { RunFacts } from "./run-facts.ts";
import { recordsOf } from "./run-facts.ts";

/** Waves of a worker that are needed to tell growth from what fills once. */
export const minWaves = 4;
/** What grows by less for each request is no leak of that request. */
const minPerRequest = 0.5;
/** Bytes of heap for each request, measured after garbage collection. */
const minBytes = 8 * 1024;
/** Kinds of resources that come and go with the runtime's own work. */
const ofTheRuntime = new Set(["Immediate", "MessagePort", "TTYWrap", "PipeWrap", "TickObject"]);

/** One worker's numbers after each of its waves. */
interface Series {
  readonly waves: readonly WaveDone[];
  /** How many requests the worker had served after each wave. */
  readonly served: readonly number[];
}

/** What grows with the number of requests: collections, listeners, intervals, handles, memory. */
export function judgeGrowth(facts: RunFacts): Finding[] {
  const all = longSeries(facts);
  const found = new Map<string, Finding>();
  for (const series of all) {
    for (const { key, what, place, values } of countsOf(facts, series)) {
      if (found.has(key) || !grows(values, series.served)) continue;
      found.set(key, leak(what, place, shownGrowth(values, series.served)));
    }
  }
  if (found.size > 0) return [...found.values()];
  const memory = all.flatMap((series) => memoryGrowth(series));
  return memory.length > all.length / 2 ? memory.slice(0, 1) : [];
}

/** Whether some worker had as many waves as it takes. */
export const looksForLeaks = (facts: RunFacts) => longSeries(facts).length > 0;

function longSeries(facts: RunFacts): Series[] {
  return [...Map.groupBy(recordsOf(facts, "wave"), ({ thread }) => thread).values()]
    .map(seriesOf)
    .filter(({ waves }) => waves.length >= minWaves);
}

function seriesOf(waves: readonly WaveDone[]): Series {
  let sum = 0;
  return { waves, served: waves.map(({ requests }) => (sum += requests.length)) };
}

interface Counted {
  readonly key: string;
  readonly what: string;
  readonly place: Place | undefined;
  readonly values: readonly number[];
}

function countsOf(facts: RunFacts, { waves }: Series): Counted[] {
  const last = waves.at(-1)?.holdings;
  if (!last) return [];
  const over = (pick: (holdings: Holdings) => number | undefined) =>
    waves.map(({ holdings }) => pick(holdings) ?? 0);
  return [
    ...last.collections.map(({ name, site }) => ({
      key: `collection ${site}`,
      what: `${name} grows with every request`,
      place: facts.places.ofSite(site),
      values: over(({ collections }) => collections.find((each) => each.site === site)?.size),
    })),
    ...last.listeners.map(({ event, place }) => ({
      key: `listener ${event} ${JSON.stringify(place)}`,
      what: `Listeners of "${event}" grow with every request`,
      place: place && facts.places.ofStack(place),
      values: over(
        ({ listeners }) =>
          listeners.find((each) => each.event === event && same(each.place, place))?.count,
      ),
    })),
    ...last.intervals.map(({ place }) => ({
      key: `interval ${JSON.stringify(place)}`,
      what: "Intervals that nobody clears grow with every request",
      place: place && facts.places.ofStack(place),
      values: over(({ intervals }) => intervals.find((each) => same(each.place, place))?.count),
    })),
    ...Object.keys(last.resources)
      .filter(
        (kind) => !ofTheRuntime.has(kind) && !(kind === "Timeout" && last.intervals.length > 0),
      )
      .map((kind) => ({
        key: `resource ${kind}`,
        what: `Open resources (${kind}) grow with every request`,
        place: undefined,
        values: over(({ resources }) => resources[kind]),
      })),
  ];
}

const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

/** Grows to the very end, by about as much for each request. */
function grows(values: readonly number[], served: readonly number[]): boolean {
  const from = Math.floor(values.length / 2) - 1;
  const rises = values.slice(from + 1).every((value, index) => value > (values[from + index] ?? 0));
  return rises && perRequest(values, served, from) >= minPerRequest;
}

function perRequest(values: readonly number[], served: readonly number[], from: number): number {
  const requests = (served.at(-1) ?? 0) - (served[from] ?? 0);
  return requests === 0 ? 0 : ((values.at(-1) ?? 0) - (values[from] ?? 0)) / requests;
}

function shownGrowth(values: readonly number[], served: readonly number[]): string {
  const steps = [0, Math.floor(values.length / 2), values.length - 1];
  return steps.map((step) => `${values[step]} after ${served[step]} requests`).join(", ");
}

function memoryGrowth({ waves, served }: Series): Finding[] {
  const measured = waves.flatMap(({ holdings }, index) =>
    holdings.heap === undefined ? [] : [{ heap: holdings.heap, served: served[index] ?? 0 }],
  );
  const [first] = measured;
  const last = measured.at(-1);
  if (!first || !last || measured.length < 4) return [];
  const rises = measured.slice(1).every(({ heap }, index) => heap > (measured[index]?.heap ?? 0));
  const each = (last.heap - first.heap) / (last.served - first.served);
  if (!rises || each < minBytes) return [];
  const line = measured
    .map(
      ({ heap, served: requests }) =>
        `${(heap / 2 ** 20).toFixed(1)} MB after ${requests} requests`,
    )
    .join(", ");
  return [
    leak(`Memory grows by about ${Math.round(each / 1024)} kB with every request`, undefined, line),
  ];
}

function leak(what: string, place: Place | undefined, line: string): Finding {
  return {
    kind: "leak",
    by: "run",
    verdict: "unsafe",
    what,
    ...reasonOf("leak"),
    place,
    evidence: [...(place?.text === undefined ? [] : [place.text]), `in one worker: ${line}`],
  };
}
