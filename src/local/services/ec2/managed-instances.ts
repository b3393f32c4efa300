import type { TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { InstanceTypeInfo } from "./instance-types.ts";
import { instanceTypeTable } from "./instance-types.ts";
import { createNetworkInterface } from "./network-interfaces.ts";
import type { InstanceDocument, NetworkInterfaceDocument, TagDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";

export { instanceTypeTable } from "./instance-types.ts";
export type { InstanceTypeInfo } from "./instance-types.ts";
/** An instance as stored: the SDK's shape with ISO strings for dates. */
export type { InstanceDocument } from "./store.ts";

/** Who operates the instances of Lambda's capacity providers (Lambda developer guide, lambda-managed-instances). */
const managedInstanceOperator = {
  Managed: true,
  Principal: "scaler.lambda.amazonaws.com",
} as const;
/** The tag by which the instances of a capacity provider are found; its value is the provider's ARN. */
const capacityProviderTag = "aws:lambda:capacity-provider";

export interface ManagedInstanceRequest {
  readonly region: string;
  readonly capacityProviderArn: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly instanceType: string;
  /** Tags that the capacity provider propagates. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Launches an instance for a capacity provider: it is pending, with one network interface in its subnet. */
export function launchManagedInstance(
  target: TargetContext,
  request: ManagedInstanceRequest,
): InstanceDocument {
  const type = instanceTypeTable.get(request.instanceType);
  if (!type) {
    throw new ServiceError(
      "InvalidInstanceType",
      `The following supplied instance types do not exist: [${request.instanceType}]`,
    );
  }
  return target.state.transaction(() => {
    const instanceId = newId(target, "i");
    const tags = [
      { Key: capacityProviderTag, Value: request.capacityProviderArn },
      ...Object.entries(request.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    ];
    const networkInterface = attachInterface(target, request, instanceId, tags);
    const document = instanceDocument(target, instanceId, type, networkInterface, tags);
    openEc2Store(target).instances.put(request.region, instanceId, document);
    return document;
  });
}

function attachInterface(
  target: TargetContext,
  request: ManagedInstanceRequest,
  instanceId: string,
  tags: readonly TagDocument[],
): NetworkInterfaceDocument {
  return createNetworkInterface(target, {
    region: request.region,
    subnetId: request.subnetId,
    securityGroupIds: request.securityGroupIds,
    description: `AWS Lambda managed instance of ${request.capacityProviderArn}`,
    interfaceType: "interface",
    requesterId: "lambda.amazonaws.com",
    tags,
    attachment: {
      AttachmentId: newId(target, "eni-attach"),
      AttachTime: target.clock.now().toISOString(),
      DeleteOnTermination: true,
      DeviceIndex: 0,
      InstanceId: instanceId,
      InstanceOwnerId: target.accountId,
      Status: "attached",
    },
    operator: managedInstanceOperator,
  });
}

/** Graviton has a thread for each core, and so has AMD's from the seventh generation on; others have two. */
function cpuOptions({ vCpus, architecture, instanceType }: InstanceTypeInfo) {
  const single = architecture === "arm64" || /^[a-z]+[7-9]a\./.test(instanceType) || vCpus === 1;
  return single
    ? { CoreCount: vCpus, ThreadsPerCore: 1 }
    : { CoreCount: vCpus / 2, ThreadsPerCore: 2 };
}

function instanceDocument(
  target: TargetContext,
  instanceId: string,
  type: InstanceTypeInfo,
  networkInterface: NetworkInterfaceDocument,
  tags: readonly TagDocument[],
): InstanceDocument {
  const {
    NetworkInterfaceId,
    SubnetId,
    VpcId,
    PrivateIpAddress,
    Groups = [],
    Attachment,
  } = networkInterface;
  return {
    InstanceId: instanceId,
    InstanceType: type.instanceType,
    ImageId: newId(target, "ami"),
    Architecture: type.architecture,
    CpuOptions: cpuOptions(type),
    State: { Code: 0, Name: "pending" },
    LaunchTime: target.clock.now().toISOString(),
    Monitoring: { State: "disabled" },
    Placement: {
      AvailabilityZone: networkInterface.AvailabilityZone,
      GroupName: "",
      Tenancy: "default",
    },
    PrivateIpAddress,
    SubnetId,
    VpcId,
    SecurityGroups: Groups,
    NetworkInterfaces: [
      {
        NetworkInterfaceId,
        SubnetId,
        VpcId,
        PrivateIpAddress,
        Groups,
        Attachment,
        OwnerId: target.accountId,
        Status: "in-use",
        InterfaceType: "interface",
        Operator: managedInstanceOperator,
      },
    ],
    Operator: managedInstanceOperator,
    Tags: [...tags],
  };
}

/** An instance that was launched has come up. */
export function runManagedInstance(
  target: TargetContext,
  region: string,
  instance: InstanceDocument,
): void {
  const running = { ...instance, State: { Code: 16, Name: "running" as const } };
  openEc2Store(target).instances.put(region, instance.InstanceId, running);
}

/** EC2 has been told to end an instance, which keeps its network interface until it has ended. */
export function shutDownManagedInstance(
  target: TargetContext,
  region: string,
  instance: InstanceDocument,
): void {
  const ending = { ...instance, State: { Code: 32, Name: "shutting-down" as const } };
  openEc2Store(target).instances.put(region, instance.InstanceId, ending);
}

/** Terminates an instance and removes its network interface. One that is gone already is no error. */
export function terminateManagedInstance(
  target: TargetContext,
  region: string,
  instanceId: string,
): void {
  target.state.transaction(() => {
    const store = openEc2Store(target);
    const instance = store.instances.get(region, instanceId);
    if (!instance || instance.State?.Name === "terminated") return;
    for (const attached of instance.NetworkInterfaces ?? []) {
      if (attached.NetworkInterfaceId)
        store.networkInterfaces.delete(region, attached.NetworkInterfaceId);
    }
    const { PrivateIpAddress: _address, ...rest } = instance;
    store.instances.put(region, instanceId, {
      ...rest,
      State: { Code: 48, Name: "terminated" },
      StateTransitionReason: "Service initiated",
      NetworkInterfaces: [],
      SecurityGroups: [],
      TerminatedAt: target.clock.now().toISOString(),
    });
  });
}

/** The instances of a capacity provider that are not terminated, in the order of their launch. */
export function managedInstances(
  target: TargetContext,
  region: string,
  capacityProviderArn: string,
): InstanceDocument[] {
  return openEc2Store(target)
    .instances.list(region)
    .filter(
      (instance) =>
        instance.State?.Name !== "terminated" && belongsTo(instance, capacityProviderArn),
    )
    .toSorted((one, other) => one.LaunchTime.localeCompare(other.LaunchTime));
}

function belongsTo(instance: InstanceDocument, capacityProviderArn: string): boolean {
  return (instance.Tags ?? []).some(
    (tag) => tag.Key === capacityProviderTag && tag.Value === capacityProviderArn,
  );
}
