import type { RuleIssue } from "./rule-issue.ts";
import type { NetworkSettings } from "./settings.ts";
import { parseIpv4Range } from "./subnet-ranges.ts";

export interface GivenSubnet {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  /** undefined: not asked just now, and what was so once says nothing. */
  readonly freeAddresses?: number | undefined;
}

export interface GivenSecurityGroup {
  readonly groupId: string;
  readonly vpcId: string;
}

/** What EC2 says of ids that settings give. */
export interface NetworkFacts {
  /** undefined: nobody could look, here and below. */
  readonly vpcExists?: boolean | undefined;
  readonly subnets: readonly GivenSubnet[] | undefined;
  readonly securityGroups: readonly GivenSecurityGroup[] | undefined;
  /** Whether what is not among the above does not exist; otherwise it is just not known. */
  readonly isComplete: boolean;
  /** Whether the stack's own instances may be what takes the addresses. */
  readonly isDeployed: boolean;
}

/** An instance takes one address, and is replaced by starting another one first. */
export const leastAddresses = 2;

/** What is wrong with a VPC, subnets and security groups that are given by their ids. */
export function givenNetworkIssues(network: NetworkSettings, facts: NetworkFacts): RuleIssue[] {
  const { vpcId } = network;
  if (vpcId === undefined) return [];
  const missing = facts.vpcExists === false ? [missingVpc(vpcId)] : [];
  return [
    ...missing,
    ...subnetIssues(vpcId, network, facts),
    ...groupIssues(vpcId, network, facts),
  ];
}

function missingVpc(vpcId: string): RuleIssue {
  return issue("vpcId", vpcId, "vpc-missing", "does not exist in this account and region");
}

function issue(
  key: string,
  value: unknown,
  code: string,
  message: string,
  severity: RuleIssue["severity"] = "error",
): RuleIssue {
  return { path: ["network", key], value, code, message, severity };
}

function subnetIssues(
  vpcId: string,
  { subnetIds = [] }: NetworkSettings,
  { subnets, isComplete, isDeployed }: NetworkFacts,
): RuleIssue[] {
  if (subnets === undefined) return [];
  const byId = new Map(subnets.map((subnet) => [subnet.subnetId, subnet]));
  const zones = new Map<string, string>();
  return subnetIds.flatMap((id, index) => {
    const key = `subnetIds[${index}]`;
    const subnet = byId.get(id);
    if (subnet === undefined)
      return isComplete
        ? [issue(key, id, "subnet-missing", "does not exist in this account and region")]
        : [];
    if (subnet.vpcId !== vpcId) {
      const message = `is a subnet of ${subnet.vpcId}, while network.vpcId is ${vpcId}`;
      return [issue(key, id, "subnet-other-vpc", message)];
    }
    const earlier = zones.get(subnet.availabilityZone);
    zones.set(subnet.availabilityZone, earlier ?? id);
    return [
      ...zoneIssues(key, subnet, earlier),
      ...roomIssues(key, subnet, isDeployed || hasRoomBeside(subnet, subnets)),
    ];
  });
}

function zoneIssues(key: string, subnet: GivenSubnet, earlier: string | undefined): RuleIssue[] {
  if (earlier === undefined) return [];
  const message = `is in ${subnet.availabilityZone} as ${earlier} is: it spreads instances over no more zones`;
  return [issue(key, subnet.subnetId, "subnets-one-zone", message, "warning")];
}

function roomIssues(key: string, subnet: GivenSubnet, isBearable: boolean): RuleIssue[] {
  const { subnetId, freeAddresses: free } = subnet;
  if (free === undefined || free >= leastAddresses) return [];
  const has = free === 0 ? "no free address" : `only ${free} free address`;
  const message = `has ${has}, of ${leastAddresses} that an instance and its replacement take`;
  return [issue(key, subnetId, "subnet-full", message, isBearable ? "warning" : "error")];
}

function hasRoomBeside(subnet: GivenSubnet, subnets: readonly GivenSubnet[]): boolean {
  return subnets.some(
    (other) =>
      other.vpcId === subnet.vpcId &&
      other.availabilityZone === subnet.availabilityZone &&
      (other.freeAddresses ?? 0) >= leastAddresses,
  );
}

function groupIssues(
  vpcId: string,
  { securityGroupIds = [] }: NetworkSettings,
  { securityGroups, isComplete }: NetworkFacts,
): RuleIssue[] {
  if (securityGroups === undefined) return [];
  const byId = new Map(securityGroups.map((group) => [group.groupId, group]));
  return securityGroupIds.flatMap((id, index) => {
    const key = `securityGroupIds[${index}]`;
    const group = byId.get(id);
    if (group === undefined)
      return isComplete
        ? [issue(key, id, "security-group-missing", "does not exist in this account and region")]
        : [];
    if (group.vpcId === vpcId) return [];
    const message = `is a security group of ${group.vpcId}, while the subnets are of ${vpcId}`;
    return [issue(key, id, "security-group-other-vpc", message)];
  });
}

export interface VpcRanges {
  readonly vpcId: string;
  /** IPv4 ranges in CIDR notation. */
  readonly ranges: readonly string[];
}

/** Other VPCs whose addresses the new one has, too. */
export function overlapIssues(cidr: string, vpcs: readonly VpcRanges[]): RuleIssue[] {
  const same = vpcs.flatMap(({ vpcId, ranges }) =>
    ranges.filter((range) => overlaps(cidr, range)).map((range) => `${vpcId} (${range})`),
  );
  if (same.length === 0) return [];
  const shown = same.length > 3 ? [...same.slice(0, 3), `${same.length - 3} more`] : same;
  const message = `overlaps with ${shown.join(", ")}: VPCs that overlap cannot be peered`;
  return [issue("cidr", cidr, "cidr-overlap", message, "warning")];
}

function overlaps(one: string, other: string): boolean {
  const [first, second] = [parseIpv4Range(one), parseIpv4Range(other)];
  if (!first || !second) return false;
  const size = 2 ** (32 - Math.min(first.prefix, second.prefix));
  return Math.floor(first.address / size) === Math.floor(second.address / size);
}
