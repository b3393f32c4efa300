import type {
  Address,
  EgressOnlyInternetGateway,
  Instance,
  InternetGateway,
  NatGateway,
  NetworkInterface,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Tag,
  Vpc,
  VpcEndpoint,
} from "@aws-sdk/client-ec2";

import type { TargetContext } from "../../service.ts";
import type { Collection } from "../../state.ts";

/** An SDK shape as it is stored: dates are ISO strings. */
export type Stored<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Stored<Item>[]
    : T extends object
      ? { [Key in keyof T]: Stored<T[Key]> }
      : T;

type With<Shape, Known> = Omit<Stored<Shape>, keyof Known> & Known;

export type TagDocument = Stored<Tag>;
export type VpcDocument = With<Vpc, { VpcId: string; CidrBlock: string }> & {
  EnableDnsSupport: boolean;
  EnableDnsHostnames: boolean;
};
export type SubnetDocument = With<
  Subnet,
  { SubnetId: string; VpcId: string; CidrBlock: string; AvailabilityZone: string }
>;
export type SecurityGroupDocument = With<
  SecurityGroup,
  { GroupId: string; GroupName: string; VpcId: string; Description: string }
> & { Rules: SecurityGroupRuleDocument[] };
export type SecurityGroupRuleDocument = With<
  SecurityGroupRule,
  { SecurityGroupRuleId: string; IsEgress: boolean }
>;
export type RouteTableDocument = With<
  RouteTable,
  {
    RouteTableId: string;
    VpcId: string;
    Routes: NonNullable<Stored<RouteTable>["Routes"]>;
    Associations: NonNullable<Stored<RouteTable>["Associations"]>;
  }
>;
export type InternetGatewayDocument = With<
  InternetGateway,
  { InternetGatewayId: string; Attachments: { VpcId?: string; State?: "available" }[] }
>;
export type EgressOnlyGatewayDocument = With<
  EgressOnlyInternetGateway,
  { EgressOnlyInternetGatewayId: string; Attachments: { VpcId?: string; State?: "attached" }[] }
>;
export type NatGatewayDocument = With<
  NatGateway,
  { NatGatewayId: string; SubnetId: string; VpcId: string }
>;
export type AddressDocument = With<Address, { AllocationId: string; PublicIp: string }>;
export type NetworkInterfaceDocument = With<
  NetworkInterface,
  { NetworkInterfaceId: string; SubnetId: string; VpcId: string; PrivateIpAddress: string }
>;
export type InstanceDocument = With<
  Instance,
  { InstanceId: string; InstanceType: string; LaunchTime: string }
> & {
  /** When it was terminated; EC2 shows terminated instances for about an hour. */
  TerminatedAt?: string;
};
/** EC2 answers the state in lower case, where its model says otherwise. */
export type VpcEndpointDocument = With<
  VpcEndpoint,
  { VpcEndpointId: string; VpcId: string; State: string }
>;

/** All of EC2's documents, by region and id. */
export interface Ec2Store {
  readonly vpcs: Collection<VpcDocument>;
  readonly subnets: Collection<SubnetDocument>;
  readonly securityGroups: Collection<SecurityGroupDocument>;
  readonly routeTables: Collection<RouteTableDocument>;
  readonly internetGateways: Collection<InternetGatewayDocument>;
  readonly egressOnlyGateways: Collection<EgressOnlyGatewayDocument>;
  readonly natGateways: Collection<NatGatewayDocument>;
  readonly addresses: Collection<AddressDocument>;
  readonly networkInterfaces: Collection<NetworkInterfaceDocument>;
  readonly instances: Collection<InstanceDocument>;
  readonly vpcEndpoints: Collection<VpcEndpointDocument>;
}

export function openEc2Store(target: TargetContext): Ec2Store {
  const { state } = target;
  return {
    vpcs: state.collection("ec2.vpcs"),
    subnets: state.collection("ec2.subnets"),
    securityGroups: state.collection("ec2.security-groups"),
    routeTables: state.collection("ec2.route-tables"),
    internetGateways: state.collection("ec2.internet-gateways"),
    egressOnlyGateways: state.collection("ec2.egress-only-internet-gateways"),
    natGateways: state.collection("ec2.nat-gateways"),
    addresses: state.collection("ec2.addresses"),
    networkInterfaces: state.collection("ec2.network-interfaces"),
    instances: state.collection("ec2.instances"),
    vpcEndpoints: state.collection("ec2.vpc-endpoints"),
  };
}

/** An id in EC2's long form: prefix and 17 hexadecimal digits, the first of them 0. */
export function newId(target: Pick<TargetContext, "random">, prefix: string): string {
  let digits = "0";
  while (digits.length < 17) digits += Math.floor(target.random() * 16).toString(16);
  return `${prefix}-${digits}`;
}
