import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { managedInstances } from "../../../../src/local/services/ec2/managed-instances.ts";
import { openEc2Store } from "../../../../src/local/services/ec2/store.ts";
import type { CapacityProviderDocument } from "../../../../src/local/services/lambda/documents.ts";
import type { LaunchInstance } from "../../../../src/local/services/lambda/instance-launch.ts";
import {
  LaunchFailure,
  launchFromEc2,
} from "../../../../src/local/services/lambda/instance-launch.ts";
import { type Pending, Placement } from "../../../../src/local/services/lambda/placement.ts";
import { ProviderLog } from "../../../../src/local/services/lambda/provider-log.ts";
import { openLambdaStore } from "../../../../src/local/services/lambda/store.ts";
import { inProcessTarget } from "../in-process-target.ts";

const region = "eu-west-1";
const arn = "arn:aws:lambda:eu-west-1:000000000000:capacity-provider:pool";
/** 1 vCPU and 2 GiB. */
const small: FunctionConfiguration = { MemorySize: 2048 };

interface Options {
  readonly zones?: number;
  readonly maxVCpus?: number;
  readonly launch?: (usual: LaunchInstance) => LaunchInstance;
}

function startPlacement({ zones = 1, maxVCpus = 400, launch = (usual) => usual }: Options = {}) {
  const lines: { operation: string; level: string; message: string; metadata: object }[] = [];
  const { target } = inProcessTarget([
    () => ({
      name: "logs",
      operations: {
        PutLogEvents: async ({ logEvents }: { logEvents: { message: string }[] }) => {
          lines.push(...logEvents.map(({ message }) => JSON.parse(message)));
          return {};
        },
      },
    }),
  ]);
  const SubnetIds = ["subnet-a", "subnet-b", "subnet-c"].slice(0, zones);
  for (const [index, SubnetId] of SubnetIds.entries()) {
    openEc2Store(target).subnets.put(region, SubnetId, {
      SubnetId,
      VpcId: "vpc-1",
      CidrBlock: `10.0.${index}.0/24`,
      AvailabilityZone: `${region}${SubnetId.at(-1)}`,
    });
  }
  const provider: CapacityProviderDocument = {
    name: "pool",
    tags: {},
    provider: {
      CapacityProviderArn: arn,
      State: "Active",
      VpcConfig: { SubnetIds, SecurityGroupIds: [] },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: "arn:aws:iam::000000000000:role/r" },
      CapacityProviderScalingConfig: { MaxVCpuCount: maxVCpus },
    },
  };
  const store = openLambdaStore(target.state);
  const log = new ProviderLog(target);
  const placement = new Placement(target, { store, log, launch: launch(launchFromEc2(target)) });
  return {
    placement,
    place: (environments: number, configuration = small, more: object = {}) =>
      placement.place({ region, provider, configuration, environments, ...more }),
    arrive: (placed: Pending, launching: () => Promise<void>) =>
      placement.arrive({ region, provider, placed, launching }),
    running: () => managedInstances(target, region, arn),
    events: async () => {
      await log.close();
      return lines;
    },
  };
}

describe("placing environments", () => {
  test("starts one instance in each zone, at most three", () => {
    const { place, running } = startPlacement({ zones: 3 });
    place(3);
    expect(running().map(({ SubnetId }) => SubnetId)).toEqual(["subnet-a", "subnet-b", "subnet-c"]);
    // C instances begin at xlarge.
    expect(new Set(running().map(({ InstanceType }) => InstanceType))).toEqual(
      new Set(["c8i.xlarge"]),
    );
  });

  test("puts another function on the room that is left", () => {
    const { place, running } = startPlacement({ zones: 3 });
    place(3);
    place(3);
    place(3);
    expect(running()).toHaveLength(3);
    // 4 vCPUs less one for the system hold three environments.
    place(1);
    expect(running()).toHaveLength(4);
  });

  test("grows where the version has fewest environments", () => {
    const { place, running } = startPlacement({ zones: 2 });
    const { instances } = place(2);
    const [first = "", second = ""] = instances;
    const grown = place(1, small, { beside: [first, first, second] });
    expect(grown.instances).toEqual([second]);
    expect(running()).toHaveLength(2);
  });

  test("needs the system's vCPU of each instance below the limit", () => {
    const { place, running } = startPlacement({ maxVCpus: 7 });
    place(3);
    expect(running()).toHaveLength(1);
    expect(() => place(1)).toThrow(
      expect.objectContaining({ reasonCode: "CapacityProviderScalingLimitExceeded" }),
    );
  });

  test("adds up the environments of all versions: twelve vCPUs hold three of the default size, no fourth", () => {
    // As four functions on one provider of 12 vCPUs (aws-powertools/powertools-lambda-typescript, issue 5735).
    const { place, running } = startPlacement({ maxVCpus: 12 });
    for (let version = 0; version < 3; version += 1) place(3);
    expect(running()).toHaveLength(3);
    expect(() => place(3)).toThrow(
      expect.objectContaining({ reasonCode: "CapacityProviderScalingLimitExceeded" }),
    );
  });

  test("places as many as fit where asked to", () => {
    const { place } = startPlacement({ maxVCpus: 8 });
    const grown = place(20, small, { partly: true });
    // One instance: a second one of the size that 20 environments call for goes beyond the limit.
    expect(grown.instances.length).toBeLessThan(20);
    expect(grown.shortfall?.reasonCode).toBe("CapacityProviderScalingLimitExceeded");
  });
});

const failing =
  (times: number, code: ConstructorParameters<typeof LaunchFailure>[0]) =>
  (usual: LaunchInstance): LaunchInstance => {
    let left = times;
    return (request) => {
      if (left > 0) {
        left -= 1;
        throw new LaunchFailure(code, "Internal error");
      }
      return usual(request);
    };
  };

describe("a launch that fails", () => {
  test("is tried again with another type, and both are told", async () => {
    const started = startPlacement({ launch: failing(1, "InternalError") });
    const { place, arrive, running, events } = started;
    const states = () => running().map(({ State }) => State?.Name);
    await arrive(place(3), async () => expect(states()).toEqual(["pending"]));
    expect(states()).toEqual(["running"]);
    const told = await events();
    expect(told.map(({ operation, level }) => `${operation} ${level}`)).toEqual([
      "Launching INFO",
      "LaunchFailed WARN",
      "Launching INFO",
      "Launched INFO",
    ]);
    expect(told[1]).toMatchObject({
      message:
        "Failed to launch c8i.xlarge instance in eu-west-1a: Internal error - the system will retry",
      metadata: { availabilityZones: ["eu-west-1a"], instanceTypes: ["c8i.xlarge"] },
    });
    expect(told[1]?.metadata).not.toHaveProperty("instanceId");
  });

  test("fails with its reason after three types", () => {
    const { place } = startPlacement({ launch: failing(3, "InsufficientCapacity") });
    expect(() => place(3)).toThrow(expect.objectContaining({ reasonCode: "InsufficientCapacity" }));
  });

  test("is not tried again where another type cannot help", () => {
    const { place, running } = startPlacement({ launch: failing(1, "VcpuLimitExceeded") });
    expect(() => place(3)).toThrow(expect.objectContaining({ reasonCode: "VcpuLimitExceeded" }));
    expect(running()).toEqual([]);
  });
});
