import type { Instance } from "@aws-sdk/client-ec2";

import type { Connection } from "./connection.ts";
import type { Ec2 } from "./ec2-client.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type { Quotas, RunningInstance } from "./ports.ts";

export function createQuotas(
  connection: Connection,
  ec2: () => Promise<Ec2>,
  lambda: LambdaConnection,
): Quotas {
  const { target } = connection;
  return {
    value: (service, quota) => explained(target, () => valueOf(service, quota, connection)),
    running: () => explained(target, async () => running(await ec2())),
    capacityProviders: () => explained(target, () => countProviders(lambda)),
  };
}

async function valueOf(
  ServiceCode: string,
  QuotaCode: string,
  connection: Connection,
): Promise<number | undefined> {
  const [sdk, settings] = await Promise.all([
    import("./sdk/service-quotas.ts"),
    connection.settings(),
  ]);
  const client = new sdk.ServiceQuotasClient(settings);
  try {
    const command = new sdk.GetServiceQuotaCommand({ ServiceCode, QuotaCode });
    return (await client.send(command)).Quota?.Value;
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchResourceException") return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

async function running({ sdk, client }: Ec2): Promise<RunningInstance[]> {
  const alive = { Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }] };
  const found: RunningInstance[] = [];
  for await (const { Reservations = [] } of sdk.paginateDescribeInstances({ client }, alive)) {
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
    // Spot and scheduled instances have quotas of their own.
    found.push(...instances.filter((each) => each.InstanceLifecycle === undefined).map(toRunning));
  }
  return found;
}

function toRunning(instance: Instance): RunningInstance {
  const { CoreCount = 0, ThreadsPerCore = 0 } = instance.CpuOptions ?? {};
  return {
    instanceId: instance.InstanceId ?? "",
    instanceType: instance.InstanceType ?? "",
    vCpus: CoreCount * ThreadsPerCore,
    capacityProviderArn: instance.Tags?.find(({ Key }) => Key === "aws:lambda:capacity-provider")
      ?.Value,
  };
}

async function countProviders(lambda: LambdaConnection): Promise<number> {
  const { sdk, client } = await lambda();
  let count = 0;
  for await (const { CapacityProviders = [] } of sdk.paginateListCapacityProviders({ client }, {}))
    count += CapacityProviders.length;
  return count;
}
