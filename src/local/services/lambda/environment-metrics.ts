import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { TargetContext } from "../../service.ts";
import type { EnvironmentSample } from "./autoscaler.ts";
import type { CapacityProviderDocument, VersionDocument } from "./documents.ts";
import type { Shape } from "./instance-choice.ts";
import { allocatable, shapeOf } from "./instance-choice.ts";
import type { MetricWriter } from "./metric-writer.ts";
import type { Placement } from "./placement.ts";
import { providerNameOf } from "./provider-use.ts";
import { fleetId } from "./running-fleets.ts";
import type { LambdaStore } from "./store.ts";

/** Metrics of managed instances have a period of five minutes (Lambda developer guide, lambda-managed-instances-monitoring). */
const periodMs = 300_000;
const idleEveryMs = 30_000;
const gib = 1024 ** 3;

/** What an environment really uses, as far as the system tells. */
interface Use {
  readonly vCpus: number | undefined;
  readonly memoryGiB: number | undefined;
}

/**
 * The metrics of capacity providers and execution environments (Lambda developer guide,
 * lambda-managed-instances-monitoring), from what the autoscaler sees with every look.
 */
export class EnvironmentMetrics {
  readonly #target: TargetContext;
  readonly #store: LambdaStore;
  readonly #placement: Placement;
  readonly #writer: MetricWriter;
  readonly #written = new Map<string, { readonly at: number; readonly environments: number }>();

  constructor(
    target: TargetContext,
    parts: {
      readonly store: LambdaStore;
      readonly placement: Placement;
      readonly writer: MetricWriter;
    },
  ) {
    this.#target = target;
    this.#store = parts.store;
    this.#placement = parts.placement;
    this.#writer = parts.writer;
  }

  async record(all: readonly EnvironmentSample[]): Promise<void> {
    const now = this.#target.clock.now().getTime();
    const due = all.filter((sample) => this.#isDue(sample, now));
    if (due.length > 0) await this.#write(due, all, now);
  }

  /** Where nothing happens, nothing new has to be written each time. */
  #isDue({ key, reading }: EnvironmentSample, now: number): boolean {
    const id = fleetId(key);
    const last = this.#written.get(id);
    const busy = reading.peak > 0 || reading.refused > 0;
    if (!busy && last?.environments === reading.environments && now - last.at < idleEveryMs)
      return false;
    this.#written.set(id, { at: now, environments: reading.environments });
    return true;
  }

  async #write(
    due: readonly EnvironmentSample[],
    samples: readonly EnvironmentSample[],
    now: number,
  ): Promise<void> {
    const Timestamp = new Date(now - (now % periodMs));
    const data = new Map<string, MetricDatum[]>();
    const add = (region: string, more: readonly MetricDatum[]) =>
      data.set(region, [
        ...(data.get(region) ?? []),
        ...more.map((datum) => ({ ...datum, Timestamp })),
      ]);
    for (const sample of due) add(sample.key.region, environmentData(sample));
    const touched = new Set(due.map(({ key, version }) => `${key.region}/${providerOf(version)}`));
    for (const { region, id, document } of this.#store.providers.entries()) {
      if (touched.has(`${region}/${id}`))
        add(region, this.#providerData(region, document, samples));
    }
    for (const [region, all] of data) if (all.length > 0) await this.#writer.write(region, all);
  }

  #providerData(
    region: string,
    { name, provider }: CapacityProviderDocument,
    samples: readonly EnvironmentSample[],
  ): MetricDatum[] {
    const used = usedByInstance(samples.filter(({ key }) => key.region === region));
    const allocations = this.#placement.allocations(region, provider);
    const byType = Map.groupBy(allocations, ({ instance }) => instance.InstanceType);
    return [...byType].flatMap(([instanceType, instances]) => {
      const all = times(allocatable(instanceType), instances.length);
      const taken = sum(instances.map(({ taken: each }) => each));
      const inUse = instances.map(({ instance }) => used.get(instance.InstanceId) ?? nothing);
      return providerTypeData(name, instanceType, { all, taken, inUse });
    });
  }
}

const providerOf = ({ serving, configuration }: VersionDocument) =>
  providerNameOf((serving ?? { configuration }).configuration) ?? "";

const nothing: Use = { vCpus: 0, memoryGiB: 0 };

/** Each environment of a version uses as much as the others: on AWS requests spread evenly. */
function usedByInstance(samples: readonly EnvironmentSample[]): Map<string, Use> {
  const used = new Map<string, Use>();
  for (const sample of samples) {
    const each = useOf(sample);
    for (const id of sample.version.instances ?? []) {
      const before = used.get(id) ?? nothing;
      used.set(id, {
        vCpus: plus(before.vCpus, each.vCpus),
        memoryGiB: plus(before.memoryGiB, each.memoryGiB),
      });
    }
  }
  return used;
}

/** CPU is what all processes use, shared by the environments; memory is that of one process for each environment. */
function useOf({ version, reading, cpu, memoryBytes }: EnvironmentSample): Use {
  const { vCpus } = shapeOf((version.serving ?? version).configuration);
  const processes = Math.max(1, reading.pids.length);
  return {
    vCpus: cpu === undefined ? undefined : cpu * vCpus,
    memoryGiB: memoryBytes === undefined ? undefined : memoryBytes / processes / gib,
  };
}

function environmentData(sample: EnvironmentSample): MetricDatum[] {
  const { key, version, reading } = sample;
  const { configuration } = version.serving ?? version;
  const shape = shapeOf(configuration);
  const use = useOf(sample);
  const { environments, maxConcurrency, peak } = reading;
  const metrics: readonly Metric[] = [
    ["ExecutionEnvironmentConcurrency", "Count", Math.ceil(peak / Math.max(1, environments))],
    ["ExecutionEnvironmentConcurrencyLimit", "Count", maxConcurrency],
    ["ExecutionEnvironmentCount", "Count", environments],
    ["ExecutionEnvironmentCPUUtilization", "Percent", percent(use.vCpus, shape.vCpus)],
    ["ExecutionEnvironmentMemoryUtilization", "Percent", percent(use.memoryGiB, shape.memoryGiB)],
  ];
  return dataOf(metrics, [
    { Name: "CapacityProviderName", Value: providerOf(version) },
    { Name: "FunctionName", Value: key.functionName },
  ]);
}

function providerTypeData(
  name: string,
  instanceType: string,
  {
    all,
    taken,
    inUse,
  }: { readonly all: Shape; readonly taken: Shape; readonly inUse: readonly Use[] },
): MetricDatum[] {
  const vCpus = inUse.map((use) => use.vCpus).reduce(plus, 0);
  const memoryGiB = inUse.map((use) => use.memoryGiB).reduce(plus, 0);
  const metrics: readonly Metric[] = [
    ["CPUUtilization", "Percent", percent(vCpus, all.vCpus)],
    ["MemoryUtilization", "Percent", percent(memoryGiB, all.memoryGiB)],
    ["vCPUAvailable", "Count", all.vCpus - taken.vCpus],
    ["vCPUAllocated", "Count", taken.vCpus],
    ["MemoryAvailable", "Bytes", (all.memoryGiB - taken.memoryGiB) * gib],
    ["MemoryAllocated", "Bytes", taken.memoryGiB * gib],
  ];
  return dataOf(metrics, [
    { Name: "CapacityProviderName", Value: name },
    { Name: "InstanceType", Value: instanceType },
  ]);
}

type Metric = readonly [
  name: string,
  unit: NonNullable<MetricDatum["Unit"]>,
  value: number | undefined,
];

/** What is not known is not written. */
function dataOf(metrics: readonly Metric[], Dimensions: MetricDatum["Dimensions"]): MetricDatum[] {
  return metrics.flatMap(([MetricName, Unit, Value]) =>
    Value === undefined ? [] : [{ MetricName, Unit, Value, Dimensions }],
  );
}

const plus = (one: number | undefined, other: number | undefined) =>
  one === undefined || other === undefined ? undefined : one + other;

const percent = (part: number | undefined, whole: number) =>
  part === undefined || whole === 0 ? undefined : Math.min(100, (100 * part) / whole);

const times = ({ vCpus, memoryGiB }: Shape, count: number): Shape => ({
  vCpus: vCpus * count,
  memoryGiB: memoryGiB * count,
});

const sum = (shapes: readonly Shape[]): Shape =>
  shapes.reduce(
    (total, { vCpus, memoryGiB }) => ({
      vCpus: total.vCpus + vCpus,
      memoryGiB: total.memoryGiB + memoryGiB,
    }),
    { vCpus: 0, memoryGiB: 0 },
  );
