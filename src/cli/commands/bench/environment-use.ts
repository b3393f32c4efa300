import type { Aws, MetricPoint } from "../../../aws/ports.ts";
import { periodMs } from "../../../bench/period-use.ts";
import type { EnvironmentUse } from "../../../bench/step.ts";
import type { Subject } from "./subject.ts";

/** Names: Lambda developer guide, lambda-managed-instances-monitoring; the first one: AWS's samples only. */
export const environmentMetrics = {
  environments: "ExecutionEnvironmentCount",
  cpu: "ExecutionEnvironmentCPUUtilization",
  memory: "ExecutionEnvironmentMemoryUtilization",
} as const;
type Metric = keyof typeof environmentMetrics;
const names = Object.keys(environmentMetrics) as readonly Metric[];

/** Sum and number of the samples of each metric, since `from`. */
type Totals = Readonly<Record<Metric, { readonly sum: number; readonly count: number }>>;

/**
 * CPU, memory and number of environments of one step on the local target: the difference of two looks, since it tells
 * sum and number of the samples of a period that is still going on. CloudWatch on AWS is minutes late: what came between
 * two looks there is of another time, so that it is read when the run is over (late-metrics.ts).
 */
export class EnvironmentMeter {
  readonly #aws: Aws;
  readonly #subject: Subject;
  readonly #from: Date;

  constructor(aws: Aws, subject: Subject, now: Date) {
    this.#aws = aws;
    this.#subject = subject;
    this.#from = new Date(now.getTime() - (now.getTime() % periodMs));
  }

  /** undefined on AWS, which is not asked. */
  async look(now: Date): Promise<Totals | undefined> {
    if (!this.#aws.target.local) return undefined;
    const { providerName, functionName } = this.#subject;
    const dimensions = { CapacityProviderName: providerName, FunctionName: functionName };
    const queries = names.flatMap((key) =>
      ["Sum", "SampleCount"].map((statistic) => ({
        name: environmentMetrics[key],
        dimensions,
        statistic,
        period: periodMs / 1000,
      })),
    );
    const series = await this.#aws.metrics.read(queries, {
      from: this.#from,
      to: new Date(now.getTime() + 60_000),
    });
    const total = (index: number) =>
      (series[index] ?? []).reduce((sum: number, { value }: MetricPoint) => sum + value, 0);
    return Object.fromEntries(
      names.map((key, index) => [key, { sum: total(2 * index), count: total(2 * index + 1) }]),
    ) as Totals;
  }

  /** undefined where no sample came between the two looks. */
  between(before: Totals | undefined, after: Totals | undefined): EnvironmentUse | undefined {
    if (before === undefined || after === undefined) return undefined;
    const mean = (key: Metric) => {
      const count = after[key].count - before[key].count;
      return count > 0 ? (after[key].sum - before[key].sum) / count : undefined;
    };
    const [environments, cpu, memory] = [mean("environments"), mean("cpu"), mean("memory")];
    if (environments === undefined && cpu === undefined && memory === undefined) return undefined;
    return { environments, cpu, memory };
  }
}
