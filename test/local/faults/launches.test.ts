import { expect, test } from "vitest";
import type { FaultRule } from "../../../src/local/faults/fault.ts";
import { withFaults } from "../../../src/local/faults/failing-launches.ts";
import { createFaults } from "../../../src/local/faults/faults.ts";
import { openEc2Store } from "../../../src/local/services/ec2/store.ts";
import { launchFromEc2 } from "../../../src/local/services/lambda/instance-launch.ts";
import { inProcessTarget } from "../services/in-process-target.ts";

const region = "eu-west-1";

async function launching(rule: FaultRule) {
  const { target: usual } = inProcessTarget([]);
  const faults = createFaults(usual);
  await faults.add(rule);
  const target = { ...usual, faults };
  openEc2Store(target).subnets.put(region, "subnet-a", {
    SubnetId: "subnet-a",
    VpcId: "vpc-1",
    CidrBlock: "10.0.0.0/24",
    AvailabilityZone: `${region}a`,
  });
  const launch = withFaults(target, launchFromEc2(target));
  return () =>
    launch({
      region,
      capacityProviderArn: "arn:aws:lambda:eu-west-1:000000000000:capacity-provider:pool",
      subnetId: "subnet-a",
      securityGroupIds: [],
      instanceType: "c8i.xlarge",
    });
}

test("EC2 has no instance, then has one again", async () => {
  const launch = await launching({ fault: "insufficient-capacity", times: 1 });
  expect(launch).toThrow(
    expect.objectContaining({
      reasonCode: "InsufficientCapacity",
      retryable: true,
      message: expect.stringMatching(
        /sufficient c8i\.xlarge capacity .* \(eu-west-1a\)\..*\(a fault rule of the local target: f1\)$/,
      ),
    }),
  );
  expect(launch()).toMatchObject({ InstanceType: "c8i.xlarge", SubnetId: "subnet-a" });
});

test("an instance does not come up, for the reason of the rule", async () => {
  const launch = await launching({ fault: "failed-launch", reason: "It burnt down." });
  expect(launch).toThrow(
    expect.objectContaining({
      reasonCode: "InternalError",
      message: "It burnt down. (a fault rule of the local target: f1)",
    }),
  );
});

test.each([
  ["VcpuLimitExceeded", false, /vCPU limit of 32/],
  ["SubnetOutOfIPAddresses", false, /not enough free addresses in subnet 'subnet-a'/],
  ["EC2RequestLimitExceeded", false, /^Request limit exceeded\./],
] as const)("a launch fails with %s, in EC2's words", async (code, retryable, message) => {
  const launch = await launching({ fault: "failed-launch", code });
  expect(launch).toThrow(
    expect.objectContaining({
      reasonCode: code,
      retryable,
      message: expect.stringMatching(message),
    }),
  );
});

test("an instance that fails its health check is launched and ended", async () => {
  const launch = await launching({ fault: "unhealthy-instance", times: 1 });
  expect(launch).toThrow(
    expect.objectContaining({
      name: "UnhealthyInstance",
      retryable: true,
      instance: expect.objectContaining({ InstanceType: "c8i.xlarge" }),
    }),
  );
  expect(launch()).toMatchObject({ InstanceType: "c8i.xlarge" });
});

test.each([
  [{ fault: "failed-version" }, "code (--code) is missing"],
  [{ fault: "failed-version", code: "NoSuchCode" }, "code: expected one of"],
  [{ fault: "failed-launch", code: "FunctionError.InitTimeout" }, "code: expected one of"],
  [{ fault: "draining" }, "delayMs (--delay) is missing"],
  [{ fault: "throttle", functionName: "f" }, "functionName says nothing about throttle"],
] as const)("%o makes no sense", async (rule, problem) => {
  const faults = createFaults(inProcessTarget([]).target);
  await expect(faults.add(rule)).rejects.toMatchObject({
    code: "LMI_FAULT_INVALID",
    why: expect.stringContaining(problem),
  });
});
