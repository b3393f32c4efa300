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
