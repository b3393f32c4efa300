import type { MetricPoint, MetricQuery, Metrics } from "../../../aws/ports.ts";

/** A value of CloudWatch's, and where the period begins that it is of. */
export interface Measured {
  readonly value: number;
  readonly time: Date;
}

export interface FunctionLoad {
  /** Of the last five minutes; undefined: no metric yet, or none in that time. */
  readonly invocations: number | undefined;
  readonly errors: number | undefined;
  readonly throttles: number | undefined;
  /** Milliseconds, in the newest minute with requests. */
  readonly p50: Measured | undefined;
  readonly p99: Measured | undefined;
  /** The most requests at once in one execution environment, and what one takes; of five minutes. */
  readonly concurrency: Measured | undefined;
  readonly concurrencyLimit: Measured | undefined;
  /** Execution environments of all its versions. */
  readonly environments: Measured | undefined;
  /** Percent of an environment's: mean and highest of five minutes. */
  readonly cpu: Measured | undefined;
  readonly cpuMaximum: Measured | undefined;
  readonly memory: Measured | undefined;
  readonly memoryMaximum: Measured | undefined;
  /** Each minute of the last half hour, the oldest first; 0 where nothing was measured. */
  readonly history: {
    readonly invocations: readonly number[];
    readonly throttles: readonly number[];
  };
  /** Why requests were turned away, as far as it shows; [] where none were. */
  readonly throttleReasons: readonly ThrottleReason[];
}

export interface ThrottleReason {
  readonly reason:
    | "environments-full"
    | "environments-at-maximum"
    | "launch-failed"
    | "vcpu-cap"
    | "cpu-full"
    | "unknown";
  /** What shows it. */
  readonly evidence: string;
}

export interface InstanceTypeLoad {
  readonly instanceType: string;
  /** Percent, mean of five minutes. */
  readonly cpu: Measured | undefined;
  readonly memory: Measured | undefined;
  /** Of the same minute as what is available. */
  readonly vCpusAllocated: Measured | undefined;
  readonly vCpusAvailable: Measured | undefined;
}

export interface Subjects {
  readonly functions: readonly {
    readonly name: string;
    /** Of the capacity provider that it runs on. */
    readonly providerName: string | undefined;
  }[];
  readonly types: readonly { readonly providerName: string; readonly instanceType: string }[];
}

export interface Loads {
  /** Without reasons for throttles, which need more than metrics. */
  readonly functions: ReadonlyMap<string, Omit<FunctionLoad, "throttleReasons">>;
  /** By provider. */
  readonly types: ReadonlyMap<string, readonly InstanceTypeLoad[]>;
}

const minute = 60_000;
const fiveMinutes = 5 * minute;
/** What is looked back on: metrics of instances come every five minutes, and late. */
const historyMinutes = 30;

/** Names and dimensions: Lambda developer guide, lambda-managed-instances-monitoring and monitoring-metrics-types. */
const ofInvocations = [
  ["invocations", "Invocations", "Sum"],
  ["errors", "Errors", "Sum"],
  ["throttles", "Throttles", "Sum"],
  ["p50", "Duration", "p50"],
  ["p99", "Duration", "p99"],
] as const;

const ofEnvironments = [
  ["concurrency", "ExecutionEnvironmentConcurrency", "Maximum"],
  ["concurrencyLimit", "ExecutionEnvironmentConcurrencyLimit", "Maximum"],
  ["environments", "ExecutionEnvironmentCount", "Maximum"],
  ["cpu", "ExecutionEnvironmentCPUUtilization", "Average"],
  ["cpuMaximum", "ExecutionEnvironmentCPUUtilization", "Maximum"],
  ["memory", "ExecutionEnvironmentMemoryUtilization", "Average"],
  ["memoryMaximum", "ExecutionEnvironmentMemoryUtilization", "Maximum"],
] as const;

const ofInstances = [
  ["cpu", "CPUUtilization", "Average"],
  ["memory", "MemoryUtilization", "Average"],
] as const;

/** Asked by the minute, so that both are of one moment: over five, each is from when there was most of it. */
const ofVCpus = [
  ["vCpusAllocated", "vCPUAllocated", "Maximum"],
  ["vCpusAvailable", "vCPUAvailable", "Maximum"],
] as const;

type Points = readonly MetricPoint[];
type Table = readonly (readonly [key: string, name: string, statistic: string])[];

/** All that is measured of functions and instances, in one request of CloudWatch. */
export async function readLoads(subjects: Subjects, metrics: Metrics, now: Date): Promise<Loads> {
  const from = new Date(floor(now.getTime() - historyMinutes * minute, fiveMinutes));
  const asked: MetricQuery[] = [];
  const ask = (table: Table, dimensions: Readonly<Record<string, string>>, period: number) => {
    const start = asked.length;
    asked.push(...table.map(([, name, statistic]) => ({ name, dimensions, statistic, period })));
    return (answer: readonly Points[]): Readonly<Record<string, Points>> =>
      Object.fromEntries(table.map(([key], index) => [key, answer[start + index] ?? []]));
  };
  const functions = subjects.functions.map(({ name, providerName }) => ({
    name,
    invocations: ask(ofInvocations, { FunctionName: name }, 60),
    environments:
      providerName === undefined
        ? () => ({})
        : ask(ofEnvironments, { CapacityProviderName: providerName, FunctionName: name }, 300),
  }));
  const types = subjects.types.map(({ providerName, instanceType }) => {
    const dimensions = { CapacityProviderName: providerName, InstanceType: instanceType };
    const read = [ask(ofInstances, dimensions, 300), ask(ofVCpus, dimensions, 60)] as const;
    return { providerName, instanceType, read };
  });
  const answer = asked.length === 0 ? [] : await metrics.read(asked, { from, to: now });
  return {
    functions: new Map(
      functions.map(({ name, invocations, environments }) => [
        name,
        functionLoad({ ...invocations(answer), ...environments(answer) }, now),
      ]),
    ),
    types: Map.groupBy(
      types.map(({ providerName, instanceType, read }) => ({
        providerName,
        ...typeLoad(instanceType, { ...read[0](answer), ...read[1](answer) }),
      })),
      ({ providerName }) => providerName,
    ),
  };
}

function functionLoad(
  points: Readonly<Record<string, Points>>,
  now: Date,
): Omit<FunctionLoad, "throttleReasons"> {
  const recent = (key: string) => sumSince(points[key] ?? [], now.getTime() - fiveMinutes);
  const last = (key: string) => newest(points[key] ?? []);
  return {
    invocations: recent("invocations"),
    errors: recent("errors"),
    throttles: recent("throttles"),
    p50: last("p50"),
    p99: last("p99"),
    concurrency: last("concurrency"),
    concurrencyLimit: last("concurrencyLimit"),
    environments: last("environments"),
    cpu: last("cpu"),
    cpuMaximum: last("cpuMaximum"),
    memory: last("memory"),
    memoryMaximum: last("memoryMaximum"),
    history: {
      invocations: byMinute(points["invocations"] ?? [], now),
      throttles: byMinute(points["throttles"] ?? [], now),
    },
  };
}

function typeLoad(
  instanceType: string,
  points: Readonly<Record<string, Points>>,
): InstanceTypeLoad {
  const last = (key: string) => newest(points[key] ?? []);
  return {
    instanceType,
    cpu: last("cpu"),
    memory: last("memory"),
    ...vCpusOfOneMoment(points["vCpusAllocated"] ?? [], points["vCpusAvailable"] ?? []),
  };
}

/** The newest minute that both are known of. */
function vCpusOfOneMoment(
  allocated: Points,
  available: Points,
): Pick<InstanceTypeLoad, "vCpusAllocated" | "vCpusAvailable"> {
  const at = (points: Points, time: Date) =>
    points.findLast((point) => point.time.getTime() === time.getTime());
  const vCpusAllocated = allocated.findLast(({ time }) => at(available, time) !== undefined);
  return {
    vCpusAllocated,
    vCpusAvailable: vCpusAllocated && at(available, vCpusAllocated.time),
  };
}

function newest(points: Points): Measured | undefined {
  return points.at(-1);
}

/** Of whole minutes: one that began before is in it. */
function sumSince(points: Points, since: number): number | undefined {
  const recent = points.filter(({ time }) => time.getTime() > since - minute);
  return recent.length === 0 ? undefined : recent.reduce((sum, { value }) => sum + value, 0);
}

function byMinute(points: Points, now: Date): number[] {
  const last = floor(now.getTime(), minute);
  const values = new Map(points.map(({ time, value }) => [time.getTime(), value]));
  return Array.from(
    { length: historyMinutes },
    (_, index) => values.get(last - (historyMinutes - 1 - index) * minute) ?? 0,
  );
}

const floor = (time: number, step: number) => time - (time % step);
