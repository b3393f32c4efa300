import type { CapacityProviderScalingConfig, FunctionScalingConfig } from "@aws-sdk/client-lambda";
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { describe, expect, onTestFinished, test } from "vitest";
import { managedInstances } from "../../../../src/local/services/ec2/managed-instances.ts";
import { openEc2Store } from "../../../../src/local/services/ec2/store.ts";
import type {
  EnvironmentSample,
  ScaledFleet,
} from "../../../../src/local/services/lambda/autoscaler.ts";
import { Autoscaler } from "../../../../src/local/services/lambda/autoscaler.ts";
import { EnvironmentCount } from "../../../../src/local/services/lambda/environment-count.ts";
import { EnvironmentMetrics } from "../../../../src/local/services/lambda/environment-metrics.ts";
import { launchFromEc2 } from "../../../../src/local/services/lambda/instance-launch.ts";
import { Placement } from "../../../../src/local/services/lambda/placement.ts";
import { ProviderLog } from "../../../../src/local/services/lambda/provider-log.ts";
import { openLambdaStore } from "../../../../src/local/services/lambda/store.ts";
import { manualClock } from "../../../helpers/manual-clock.ts";
import { inProcessTarget } from "../in-process-target.ts";

const region = "eu-west-1";
const arn = "arn:aws:lambda:eu-west-1:000000000000:capacity-provider:pool";
const key = { region, functionName: "f", qualifier: "$LATEST.PUBLISHED" };

const silentLogs = () => ({
  name: "logs" as const,
  operations: { PutLogEvents: async () => ({}) },
});

interface Options {
  readonly timing?: "fast" | "realistic";
  readonly scaling?: FunctionScalingConfig;
  readonly provider?: CapacityProviderScalingConfig;
}

/** One version with three environments of 64 places, on a fleet without processes; its load is what a test says. */
function startScaling({ timing = "fast", scaling = {}, provider = {} }: Options = {}) {
  const clock = manualClock();
  const told: string[] = [];
  const { target: inMemory } = inProcessTarget([silentLogs], { clock, timing });
  const target = { ...inMemory, log: (message: string) => void told.push(message) };
  const SubnetIds = ["subnet-a", "subnet-b"];
  for (const [index, SubnetId] of SubnetIds.entries()) {
    openEc2Store(target).subnets.put(region, SubnetId, {
      SubnetId,
      VpcId: "vpc-1",
      CidrBlock: `10.0.${index}.0/24`,
      AvailabilityZone: `${region}${SubnetId.at(-1)}`,
    });
  }
  const store = openLambdaStore(target.state);
  const document = {
    name: "pool",
    tags: {},
    provider: {
      CapacityProviderArn: arn,
      State: "Active" as const,
      VpcConfig: { SubnetIds, SecurityGroupIds: [] },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: "arn:aws:iam::000000000000:role/r" },
      CapacityProviderScalingConfig: {
        MaxVCpuCount: 400,
        ScalingMode: "Auto" as const,
        ...provider,
      },
    },
  };
  store.providers.put(region, "pool", document);
  const log = new ProviderLog(target);
  const placement = new Placement(target, { store, log, launch: launchFromEc2(target) });
  const configuration = {
    MemorySize: 2048,
    State: "Active" as const,
    LastUpdateStatus: "Successful" as const,
    RevisionId: "1",
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: arn },
    },
  };
  const code = { size: 1, sha256: "" };
  const placed = placement.place({ region, provider: document, configuration, environments: 3 });
  store.versions.put(region, "f:$LATEST.PUBLISHED", {
    ...key,
    configuration,
    code,
    serving: { configuration, code },
    instances: placed.instances,
    requestedScaling: scaling,
  });
  placement.settle(placed);
  let environments = 3;
  let load = 0;
  let cpuSeconds = 0;
  const fleet: ScaledFleet = {
    get environments() {
      return environments;
    },
    resize: async (count) => {
      environments = count;
    },
    onSaturated: () => undefined,
    read: () => {
      const places = environments * 64;
      return {
        environments,
        maxConcurrency: 64,
        concurrency: Math.min(load, places),
        peak: Math.min(load, places),
        refused: load > places ? 1 : 0,
        pids: [1],
      };
    },
  };
  const count = new EnvironmentCount(target, { store, placement });
  const looking = { meanwhile: () => undefined as void };
  const usage = async () => {
    looking.meanwhile();
    return { cpuSeconds, memoryBytes: 1 };
  };
  const written: MetricDatum[] = [];
  const writer = {
    write: async (_region: string, data: readonly MetricDatum[]) => void written.push(...data),
  };
  const metrics = new EnvironmentMetrics(target, { store, placement, writer });
  const onRound = (samples: readonly EnvironmentSample[]) => metrics.record(samples);
  const autoscaler = new Autoscaler(target, { store, count, usage, onRound });
  onTestFinished(async () => {
    await autoscaler.close();
    await log.close();
  });
  autoscaler.watch(key, fleet);
  return {
    clock,
    told,
    written,
    count,
    looking,
    limit: (MaxExecutionEnvironments: number) => {
      const version = store.versions.get(region, "f:$LATEST.PUBLISHED");
      if (!version) throw new Error("no version");
      const requestedScaling = { MinExecutionEnvironments: 1, MaxExecutionEnvironments };
      store.versions.put(region, "f:$LATEST.PUBLISHED", { ...version, requestedScaling });
    },
    fleet,
    /** Requests that clients want to have in flight. */
    ask: (requests: number) => {
      load = requests;
      if (load > environments * 64) fleet.onSaturated();
    },
    burn: (seconds: number) => {
      cpuSeconds += seconds;
    },
    environments: () => environments,
    placed: () => store.versions.get(region, "f:$LATEST.PUBLISHED")?.instances ?? [],
    instances: () => managedInstances(target, region, arn),
    update: (LastUpdateStatus: "InProgress" | "Successful") => {
      const version = store.versions.get(region, "f:$LATEST.PUBLISHED");
      if (!version) throw new Error("no version");
      store.versions.put(region, "f:$LATEST.PUBLISHED", {
        ...version,
        configuration: { ...version.configuration, LastUpdateStatus },
      });
    },
  };
}

describe("the autoscaler", () => {
  test("scales at once after a refused request, with instances in all zones", async () => {
    const { clock, ask, environments, placed, instances } = startScaling();
    expect(instances()).toHaveLength(2);
    ask(1000);
    await clock.advance(150);
    expect(environments()).toBe(6);
    await clock.advance(10_000);
    expect(environments()).toBe(24);
    expect(placed()).toHaveLength(24);
    expect(new Set(placed())).toEqual(new Set(instances().map(({ InstanceId }) => InstanceId)));
    // As many in one zone as in the other.
    const zoneOf = new Map(instances().map(({ InstanceId, SubnetId }) => [InstanceId, SubnetId]));
    expect(placed().filter((id) => zoneOf.get(id) === "subnet-a")).toHaveLength(12);
    const zones = Map.groupBy(instances(), ({ SubnetId }) => SubnetId);
    expect(new Set(zones.keys())).toEqual(new Set(["subnet-a", "subnet-b"]));
  });

  test("takes environments and their instances away when the load has gone", async () => {
    const { clock, ask, environments, placed, instances } = startScaling();
    ask(1000);
    await clock.advance(10_000);
    const most = instances().length;
    expect(most).toBeGreaterThan(2);
    ask(0);
    await clock.advance(60_000);
    expect(environments()).toBe(3);
    expect(placed()).toHaveLength(3);
    expect(instances()).toHaveLength(2);
  });

  test("stops where the provider may have no more vCPUs, and says so once", async () => {
    const { clock, ask, environments, told } = startScaling({ provider: { MaxVCpuCount: 8 } });
    ask(5000);
    await clock.advance(30_000);
    // Two instances with 4 vCPUs, one of each for the system.
    expect(environments()).toBe(6);
    expect(told).toEqual([
      expect.stringMatching(/^f cannot have more environments: .*may have 8: no room for another/),
    ]);
  });

  test("keeps to the maximum of the version", async () => {
    const { clock, ask, environments } = startScaling({
      scaling: { MinExecutionEnvironments: 2, MaxExecutionEnvironments: 4 },
    });
    ask(5000);
    await clock.advance(30_000);
    expect(environments()).toBe(4);
    ask(0);
    await clock.advance(60_000);
    expect(environments()).toBe(2);
  });

  test("with realistic timing takes minutes, as on AWS", async () => {
    const { clock, ask, environments } = startScaling({ timing: "realistic" });
    ask(1000);
    await clock.advance(30_000);
    expect(environments()).toBe(3);
    await clock.advance(120_000);
    expect(environments()).toBe(6);
    ask(0);
    await clock.advance(600_000);
    expect(environments()).toBe(6);
  });

  test("leaves a version alone that is being changed", async () => {
    const { clock, ask, environments, update } = startScaling();
    update("InProgress");
    ask(1000);
    await clock.advance(10_000);
    expect(environments()).toBe(3);
    update("Successful");
    await clock.advance(10_000);
    expect(environments()).toBe(24);
  });

  test("follows the CPU time of the processes", async () => {
    const { clock, burn, environments } = startScaling({
      provider: {
        ScalingMode: "Manual",
        ScalingPolicies: [
          { PredefinedMetricType: "LambdaCapacityProviderAverageCPUUtilization", TargetValue: 1 },
        ],
      },
    });
    await clock.advance(1000);
    // Far more than the real time that passes: all environments are busy.
    burn(1_000_000);
    await clock.advance(1100);
    expect(environments()).toBe(6);
  });
});

test("metrics are of periods of five minutes", async () => {
  const { clock, written } = startScaling();
  await clock.advance(11 * 60_000);
  const at = written.map(({ Timestamp }) => Timestamp?.toISOString().slice(11, 16));
  expect([...new Set(at)]).toEqual(["12:00", "12:05", "12:10"]);
  expect(written.length).toBeGreaterThan(3 * 11);
});

describe("what changes meanwhile", () => {
  test("an update that begins during a look is left alone", async () => {
    const { clock, ask, environments, looking, update } = startScaling();
    looking.meanwhile = () => update("InProgress");
    ask(1000);
    await clock.advance(10_000);
    expect(environments()).toBe(3);
  });

  test("a maximum that becomes less while environments start is kept", async () => {
    const { clock, count, environments, fleet, limit, placed } = startScaling();
    const { signal } = new AbortController();
    const grown = count.grow(key, fleet, 6, { partly: true, signal });
    limit(4);
    await clock.advance(10);
    await grown;
    expect(environments()).toBe(4);
    expect(placed()).toHaveLength(4);
  });
});
