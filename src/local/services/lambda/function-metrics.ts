import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { BackgroundWork } from "./background-work.ts";
import type { MetricWriter } from "./metric-writer.ts";
import type { TargetContext } from "../../service.ts";

/** What invocations are counted under. */
export interface MetricSubject {
  readonly region: string;
  readonly functionName: string;
  /** As the caller named it: the function, or function and qualifier (Lambda developer guide, monitoring-metrics-view). */
  readonly resource: string;
}

/** `lost`: nothing is known of how it ended. */
export type InvocationEnd = "done" | "failed" | "lost";

export interface InvocationMeter {
  /** A request was taken; the function that this returns is called when it has ended. */
  began(): (how: InvocationEnd) => void;
  /** A request was refused because nothing had room for it. */
  refused(): void;
}

/** Counts wait this long for more. AWS's are there after a few minutes. */
const flushAfterMs = { fast: 1000, realistic: 60_000 } as const;
const minuteMs = 60_000;
/** Durations within 2 % of each other are written as one, with their mean. */
const growth = Math.log(1.02);

interface Group {
  count: number;
  sum: number;
}

class Counts {
  invocations = 0;
  errors = 0;
  throttles = 0;
  readonly durations = new Map<number, Group>();

  ended(milliseconds: number, failed: boolean): void {
    this.invocations += 1;
    if (failed) this.errors += 1;
    const bucket = Math.round(Math.log(Math.max(milliseconds, 0.001)) / growth);
    const group = this.durations.get(bucket);
    if (group) {
      group.count += 1;
      group.sum += milliseconds;
    } else this.durations.set(bucket, { count: 1, sum: milliseconds });
  }
}

/** Requests in flight of a function, or of all where it has no name, and the most there were since the last write. */
interface Concurrency {
  readonly region: string;
  readonly functionName: string;
  now: number;
  peak: number;
}

/**
 * Lambda's metrics of invocations (Lambda developer guide, monitoring-metrics-types): added up here, since thousands a
 * second pass through, and written to CloudWatch once a while, under the minute in which they happened.
 */
export class FunctionMetrics {
  readonly #target: TargetContext;
  readonly #writer: MetricWriter;
  readonly #work: BackgroundWork;
  #minute = 0;
  #counts = new Map<MetricSubject, Counts>();
  readonly #concurrency = new Map<string, Concurrency>();
  #timer: NodeJS.Timeout | undefined;

  constructor(target: TargetContext, writer: MetricWriter) {
    this.#target = target;
    this.#writer = writer;
    this.#work = new BackgroundWork((failure) => target.log(`Metrics were lost: ${failure}`));
  }

  /** Counts invocations under a subject. */
  of(subject: MetricSubject): InvocationMeter {
    return {
      began: () => this.#began(subject),
      refused: () => {
        this.#countsOf(subject).throttles += 1;
      },
    };
  }

  #began(subject: MetricSubject): (how: InvocationEnd) => void {
    const { region, functionName } = subject;
    const ofFunction = this.#concurrencyOf(region, functionName);
    const ofAll = this.#concurrencyOf(region, "");
    enter(ofFunction);
    enter(ofAll);
    const startedAt = performance.now();
    return (how) => {
      ofFunction.now -= 1;
      ofAll.now -= 1;
      if (how === "lost") return;
      this.#countsOf(subject).ended(performance.now() - startedAt, how === "failed");
    };
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.#work.stop();
    clearTimeout(this.#timer);
    await this.#work.ended();
    await this.#flush();
  }

  #countsOf(subject: MetricSubject): Counts {
    const minute = Math.floor(this.#target.clock.now().getTime() / minuteMs) * minuteMs;
    if (minute !== this.#minute) {
      this.#work.run(() => this.#flush());
      this.#minute = minute;
    }
    this.#schedule();
    let counts = this.#counts.get(subject);
    if (!counts) this.#counts.set(subject, (counts = new Counts()));
    return counts;
  }

  #concurrencyOf(region: string, functionName: string): Concurrency {
    const key = `${region}/${functionName}`;
    let concurrency = this.#concurrency.get(key);
    if (!concurrency)
      this.#concurrency.set(key, (concurrency = { region, functionName, now: 0, peak: 0 }));
    return concurrency;
  }

  #schedule(): void {
    if (this.#timer || this.#work.signal.aborted) return;
    // Not the target's clock: when this is written is nothing that anybody waits for.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#work.run(() => this.#flush());
    }, flushAfterMs[this.#target.timing]);
    this.#timer.unref();
  }

  async #flush(): Promise<void> {
    const counts = this.#counts;
    if (counts.size === 0) return;
    this.#counts = new Map();
    const at = new Date(this.#minute);
    const byRegion = new Map<string, MetricDatum[]>();
    const add = (region: string, data: readonly MetricDatum[]) => {
      const all = byRegion.get(region);
      if (all) all.push(...data);
      else byRegion.set(region, [...data]);
    };
    for (const [subject, each] of counts) add(subject.region, dataOf(subject, each, at));
    for (const concurrency of this.#concurrency.values()) {
      if (concurrency.peak > 0) add(concurrency.region, [concurrencyDatum(concurrency, at)]);
      concurrency.peak = concurrency.now;
    }
    for (const [region, data] of byRegion) await this.#writer.write(region, data);
  }
}

/** Each is written for the resource, for the function as a whole, and for all functions together. */
function dataOf(
  { functionName, resource }: MetricSubject,
  counts: Counts,
  Timestamp: Date,
): MetricDatum[] {
  const FunctionName = { Name: "FunctionName", Value: functionName };
  const places = [[], [FunctionName], [FunctionName, { Name: "Resource", Value: resource }]];
  const { invocations, errors, throttles } = counts;
  const measured: MetricDatum[] = [
    { MetricName: "Throttles", Unit: "Count", ...shares(throttles, invocations) },
  ];
  if (invocations > 0) {
    measured.push(
      { MetricName: "Invocations", Unit: "Count", ...shares(invocations, 0) },
      { MetricName: "Errors", Unit: "Count", ...shares(errors, invocations - errors) },
      ...durationData(counts),
    );
  }
  return places.flatMap((Dimensions) =>
    measured.map((datum) => ({ ...datum, Dimensions, Timestamp })),
  );
}

/** One value for each request: 1 where it happened, 0 where it did not, so that the average is the rate. */
function shares(ones: number, zeros: number): Pick<MetricDatum, "Values" | "Counts"> {
  const parts = [
    [1, ones],
    [0, zeros],
  ].filter(([, count]) => count !== 0);
  return { Values: parts.map(([value = 0]) => value), Counts: parts.map(([, count = 0]) => count) };
}

/** Values of one data point (CloudWatch user guide, cloudwatch_limits). */
const maxValues = 150;

/** Groups of durations with their means: sums are exact, everything else within 1 %. */
function durationData({ durations }: Counts): MetricDatum[] {
  const groups = [...durations.values()];
  const data: MetricDatum[] = [];
  for (let from = 0; from < groups.length; from += maxValues) {
    const part = groups.slice(from, from + maxValues);
    data.push({
      MetricName: "Duration",
      Unit: "Milliseconds",
      Values: part.map(({ sum, count }) => sum / count),
      Counts: part.map(({ count }) => count),
    });
  }
  return data;
}

function concurrencyDatum({ functionName, peak }: Concurrency, Timestamp: Date): MetricDatum {
  return {
    MetricName: "ConcurrentExecutions",
    Unit: "Count",
    Value: peak,
    Timestamp,
    Dimensions: functionName === "" ? [] : [{ Name: "FunctionName", Value: functionName }],
  };
}

function enter(concurrency: Concurrency): void {
  concurrency.now += 1;
  if (concurrency.now > concurrency.peak) concurrency.peak = concurrency.now;
}
