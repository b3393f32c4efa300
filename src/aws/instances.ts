import type { Instance } from "@aws-sdk/client-ec2";

import type { Connection } from "./connection.ts";
import type { Ec2 } from "./ec2-client.ts";
import { explained } from "./explain.ts";
import type { Instances, ManagedInstance } from "./ports.ts";

export function createInstances(connection: Connection, ec2: () => Promise<Ec2>): Instances {
  return {
    ofCapacityProvider: (arn) => explained(connection.target, () => ofCapacityProvider(arn, ec2)),
  };
}

/** The tag that Lambda puts on its instances (AWS sample serverless-patterns, lambda-managed-instances test script). */
export const providerTag = "aws:lambda:capacity-provider";

/** All but terminated ones. */
export const liveStates = {
  Name: "instance-state-name",
  Values: ["pending", "running", "shutting-down", "stopping", "stopped"],
};

async function ofCapacityProvider(
  arn: string,
  ec2: () => Promise<Ec2>,
): Promise<readonly ManagedInstance[]> {
  const { sdk, client } = await ec2();
  const pages = sdk.paginateDescribeInstances(
    { client },
    { Filters: [{ Name: `tag:${providerTag}`, Values: [arn] }, liveStates] },
  );
  const found: ManagedInstance[] = [];
  for await (const page of pages) {
    for (const reservation of page.Reservations ?? []) {
      found.push(...(reservation.Instances ?? []).map(toInstance));
    }
  }
  return found;
}

export function toInstance(instance: Instance): ManagedInstance {
  return {
    instanceId: instance.InstanceId ?? "",
    instanceType: instance.InstanceType ?? "",
    availabilityZone: instance.Placement?.AvailabilityZone,
    state: instance.State?.Name ?? "",
    launchTime: instance.LaunchTime,
  };
}
