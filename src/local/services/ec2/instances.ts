import type {
  DescribeInstancesRequest,
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypesRequest,
  DescribeNetworkInterfacesRequest,
  TerminateInstancesRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { own } from "../../own.ts";
import { byIds } from "./creating.ts";
import type { FilterReaders } from "./describe.ts";
import { select, withDates } from "./describe.ts";
import { missing } from "./find.ts";
import type { InstanceTypeInfo } from "./instance-types.ts";
import { instanceTypeTable } from "./instance-types.ts";
import { zonesOf } from "./places.ts";
import type { InstanceDocument } from "./store.ts";
import { openEc2Store } from "./store.ts";

/** How long EC2 shows a terminated instance, about (EC2 user guide, "Terminate Amazon EC2 instances"). */
const shownMilliseconds = 60 * 60 * 1000;

const instanceReaders: FilterReaders<InstanceDocument> = {
  "instance-id": (instance) => instance.InstanceId,
  "instance-state-name": (instance) => instance.State?.Name,
  "instance-state-code": (instance) => instance.State?.Code,
  "instance-type": (instance) => instance.InstanceType,
  architecture: (instance) => instance.Architecture,
  "availability-zone": (instance) => instance.Placement?.AvailabilityZone,
  "image-id": (instance) => instance.ImageId,
  "vpc-id": (instance) => instance.VpcId,
  "subnet-id": (instance) => instance.SubnetId,
  "private-ip-address": (instance) => instance.PrivateIpAddress,
  "instance.group-id": (instance) => (instance.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
  "network-interface.network-interface-id": (instance) =>
    (instance.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId),
  "operator.managed": (instance) => instance.Operator?.Managed ?? false,
  "operator.principal": (instance) => instance.Operator?.Principal,
};

/** One reservation an instance, as instances are launched one by one. */
function describeInstances(
  target: TargetContext,
  input: DescribeInstancesRequest,
  { region }: CallContext,
) {
  const store = openEc2Store(target);
  const now = target.clock.now().getTime();
  const shown = byIds(store.instances, region, input.InstanceIds, missing.instance).filter(
    (instance) => {
      if (
        instance.TerminatedAt === undefined ||
        now - Date.parse(instance.TerminatedAt) < shownMilliseconds
      )
        return true;
      store.instances.delete(region, instance.InstanceId);
      return false;
    },
  );
  const { items, ...rest } = select(shown, input, {
    idOf: (instance) => instance.InstanceId,
    tagsOf: (instance) => instance.Tags,
    readers: instanceReaders,
  });
  const Reservations = withDates(items).map((instance) => ({
    ReservationId: instance.InstanceId.replace(/^i-/, "r-"),
    OwnerId: target.accountId,
    RequesterId: instance.Operator?.Principal,
    Groups: [],
    Instances: [instance],
  }));
  return { Reservations, ...rest };
}

/** Instances of a capacity provider belong to Lambda: they end with the provider, nobody else can end them. */
function refuseManaged(
  target: TargetContext,
  ids: readonly string[] | undefined,
  { region }: CallContext,
): void {
  for (const instance of byIds(openEc2Store(target).instances, region, ids, missing.instance)) {
    if (!instance.Operator?.Managed) continue;
    throw new ServiceError(
      "OperationNotPermitted",
      `The instance '${instance.InstanceId}' is managed by '${instance.Operator.Principal}' and cannot be changed by this operation.`,
      { status: 400 },
    );
  }
}

function typeShape(type: InstanceTypeInfo) {
  return {
    InstanceType: type.instanceType,
    CurrentGeneration: true,
    BareMetal: false,
    BurstablePerformanceSupported: false,
    Hypervisor: "nitro",
    VCpuInfo: { DefaultVCpus: type.vCpus },
    MemoryInfo: { SizeInMiB: type.memoryGiB * 1024 },
    ProcessorInfo: { SupportedArchitectures: [type.architecture] },
    SupportedUsageClasses: ["on-demand", "spot"],
    SupportedVirtualizationTypes: ["hvm"],
  };
}

function describeTypes(input: DescribeInstanceTypesRequest) {
  const asked: readonly string[] = input.InstanceTypes ?? [];
  const unknown = asked.filter((name) => !instanceTypeTable.has(name));
  if (unknown.length > 0) {
    throw new ServiceError(
      "InvalidInstanceType",
      `The following supplied instance types do not exist: [${unknown.join(", ")}]`,
    );
  }
  const all = [...instanceTypeTable.values()].filter(
    (type) => asked.length === 0 || asked.includes(type.instanceType),
  );
  const { items, ...rest } = select(all, input, {
    idOf: (type) => type.instanceType,
    tagsOf: () => undefined,
    readers: {
      "instance-type": (type) => type.instanceType,
      "processor-info.supported-architecture": (type) => type.architecture,
      "vcpu-info.default-vcpus": (type) => type.vCpus,
      "memory-info.size-in-mib": (type) => type.memoryGiB * 1024,
      "current-generation": () => true,
      "bare-metal": () => false,
      "burstable-performance-supported": () => false,
      hypervisor: () => "nitro",
    },
  });
  return { InstanceTypes: items.map(typeShape), ...rest };
}

function describeOfferings(input: DescribeInstanceTypeOfferingsRequest, { region }: CallContext) {
  const kind = input.LocationType ?? "region";
  const zones = zonesOf(region);
  const locations: Readonly<Record<string, readonly string[]>> = {
    region: [region],
    "availability-zone": zones.map(({ name }) => name),
    "availability-zone-id": zones.map(({ id }) => id),
    outpost: [],
  };
  const places = own(locations, kind);
  if (!places)
    throw new ServiceError("InvalidParameterValue", `Invalid value '${kind}' for LocationType.`);
  const all = [...instanceTypeTable.keys()].flatMap((InstanceType) =>
    places.map((Location) => ({ InstanceType, Location, LocationType: kind })),
  );
  const { items, ...rest } = select(all, input, {
    idOf: (offering) => `${offering.InstanceType} ${offering.Location}`,
    tagsOf: () => undefined,
    readers: {
      "instance-type": (offering) => offering.InstanceType,
      location: (offering) => offering.Location,
    },
  });
  return { InstanceTypeOfferings: items, ...rest };
}

function describeInterfaces(
  target: TargetContext,
  input: DescribeNetworkInterfacesRequest,
  { region }: CallContext,
) {
  const store = openEc2Store(target);
  const all = byIds(
    store.networkInterfaces,
    region,
    input.NetworkInterfaceIds,
    missing.networkInterface,
  );
  const { items, ...rest } = select(all, input, {
    idOf: (candidate) => candidate.NetworkInterfaceId,
    tagsOf: (candidate) => candidate.TagSet,
    readers: {
      "network-interface-id": (candidate) => candidate.NetworkInterfaceId,
      "attachment.instance-id": (candidate) => candidate.Attachment?.InstanceId,
      "attachment.status": (candidate) => candidate.Attachment?.Status,
      "availability-zone": (candidate) => candidate.AvailabilityZone,
      description: (candidate) => candidate.Description,
      "group-id": (candidate) => (candidate.Groups ?? []).map(({ GroupId }) => GroupId),
      "interface-type": (candidate) => candidate.InterfaceType,
      "private-ip-address": (candidate) => candidate.PrivateIpAddress,
      "requester-id": (candidate) => candidate.RequesterId,
      "requester-managed": (candidate) => candidate.RequesterManaged,
      status: (candidate) => candidate.Status,
      "subnet-id": (candidate) => candidate.SubnetId,
      "vpc-id": (candidate) => candidate.VpcId,
      "operator.managed": (candidate) => candidate.Operator?.Managed ?? false,
      "operator.principal": (candidate) => candidate.Operator?.Principal,
    },
  });
  return { NetworkInterfaces: withDates(items), ...rest };
}

export function instanceOperations(target: TargetContext): Record<string, Operation> {
  const refuse = async (input: TerminateInstancesRequest, context: CallContext) => {
    refuseManaged(target, input.InstanceIds, context);
    // Every instance of the local target is managed: nothing else launches any.
    return {};
  };
  return {
    DescribeInstances: async (input: DescribeInstancesRequest, context) =>
      describeInstances(target, input, context),
    TerminateInstances: refuse,
    StopInstances: refuse,
    RebootInstances: refuse,
    DescribeInstanceTypes: async (input: DescribeInstanceTypesRequest) => describeTypes(input),
    DescribeInstanceTypeOfferings: async (input: DescribeInstanceTypeOfferingsRequest, context) =>
      describeOfferings(input, context),
    DescribeNetworkInterfaces: async (input: DescribeNetworkInterfacesRequest, context) =>
      describeInterfaces(target, input, context),
  };
}
