import type { Tag } from "../stack-record.ts";
import { ownTags } from "./reader.ts";
import type { ReadContext, Reader } from "./reader.ts";

type Item = Readonly<Record<string, unknown>> & { readonly Tags?: readonly Tag[] };

/** A reader of what one Describe operation tells of an id. */
function described(
  operation: string,
  [ids, list]: readonly [string, string],
  properties: readonly string[],
): Reader {
  return async (id, context) => {
    const answer = await context.call<Record<string, Item[]>>("ec2", operation, { [ids]: [id] });
    const item = answer[list]?.[0];
    if (!item || item["State"] === "deleted" || item["State"] === "deleting") return undefined;
    return {
      ...Object.fromEntries(properties.map((name) => [name, item[name]])),
      Tags: ownTags(item.Tags, context),
    };
  };
}

const vpc: Reader = async (VpcId, context) => {
  const base = await described(
    "DescribeVpcs",
    ["VpcIds", "Vpcs"],
    ["CidrBlock", "InstanceTenancy"],
  )(VpcId, context);
  const attribute = async (name: string): Promise<unknown> => {
    const Attribute = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const answer = await context.call<Record<string, { readonly Value?: boolean }>>(
      "ec2",
      "DescribeVpcAttribute",
      { VpcId, Attribute },
    );
    return answer[name]?.Value;
  };
  return (
    base && {
      ...base,
      EnableDnsSupport: await attribute("EnableDnsSupport"),
      EnableDnsHostnames: await attribute("EnableDnsHostnames"),
    }
  );
};

interface Rule {
  readonly SecurityGroupRuleId: string;
  readonly IsEgress: boolean;
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIpv4?: string;
  readonly CidrIpv6?: string;
  readonly PrefixListId?: string;
  readonly ReferencedGroupInfo?: { readonly GroupId?: string };
  readonly Description?: string;
}

/** A rule as CloudFormation writes it, without what it does not say. */
function written(found: Rule): Record<string, unknown> {
  const peer = found.IsEgress ? "Destination" : "Source";
  const all = {
    IpProtocol: found.IpProtocol,
    ...(found.IpProtocol === "-1" ? {} : { FromPort: found.FromPort, ToPort: found.ToPort }),
    CidrIp: found.CidrIpv4,
    CidrIpv6: found.CidrIpv6,
    [`${peer}PrefixListId`]: found.PrefixListId,
    [`${peer}SecurityGroupId`]: found.ReferencedGroupInfo?.GroupId,
    Description: found.Description === "" ? undefined : found.Description,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const securityGroup: Reader = async (GroupId, context) => {
  const base = await described(
    "DescribeSecurityGroups",
    ["GroupIds", "SecurityGroups"],
    ["GroupName", "VpcId", "Description"],
  )(GroupId, context);
  if (!base) return undefined;
  const { SecurityGroupRules } = await context.call<{ SecurityGroupRules: Rule[] }>(
    "ec2",
    "DescribeSecurityGroupRules",
    { Filters: [{ Name: "group-id", Values: [GroupId] }] },
  );
  const ofOthers = new Set(context.siblings.map(({ physicalId }) => physicalId));
  const own = SecurityGroupRules.filter(
    ({ SecurityGroupRuleId }) => !ofOthers.has(SecurityGroupRuleId),
  );
  const { Description, ...others } = base;
  return {
    ...others,
    GroupDescription: Description,
    SecurityGroupIngress: own.filter(({ IsEgress }) => !IsEgress).map(written),
    SecurityGroupEgress: own.filter(({ IsEgress }) => IsEgress).map(written),
  };
};

function rule(isEgress: boolean): Reader {
  return async (id, { call }: ReadContext) => {
    const { SecurityGroupRules } = await call<{ SecurityGroupRules: Rule[] }>(
      "ec2",
      "DescribeSecurityGroupRules",
      {},
    );
    const found = SecurityGroupRules.find(
      ({ SecurityGroupRuleId, IsEgress }) => SecurityGroupRuleId === id && IsEgress === isEgress,
    );
    return found && written(found);
  };
}

export const ec2Readers: Readonly<Record<string, Reader>> = {
  "AWS::EC2::VPC": vpc,
  "AWS::EC2::Subnet": described(
    "DescribeSubnets",
    ["SubnetIds", "Subnets"],
    ["VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch"],
  ),
  "AWS::EC2::RouteTable": described(
    "DescribeRouteTables",
    ["RouteTableIds", "RouteTables"],
    ["VpcId"],
  ),
  "AWS::EC2::InternetGateway": described(
    "DescribeInternetGateways",
    ["InternetGatewayIds", "InternetGateways"],
    [],
  ),
  "AWS::EC2::NatGateway": described(
    "DescribeNatGateways",
    ["NatGatewayIds", "NatGateways"],
    ["SubnetId", "ConnectivityType"],
  ),
  "AWS::EC2::VPCEndpoint": described(
    "DescribeVpcEndpoints",
    ["VpcEndpointIds", "VpcEndpoints"],
    ["VpcId", "ServiceName", "VpcEndpointType", "SubnetIds", "RouteTableIds", "PrivateDnsEnabled"],
  ),
  "AWS::EC2::SecurityGroup": securityGroup,
  "AWS::EC2::SecurityGroupIngress": rule(false),
  "AWS::EC2::SecurityGroupEgress": rule(true),
};
