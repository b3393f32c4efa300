import type { StackResource } from "../aws/ports.ts";

/** Where things of a stack run or stand that CloudFormation does not tell of: instances and network interfaces. */
export interface Ground {
  /** ARNs of capacity providers. */
  readonly providers: readonly string[];
  /** Subnets of the stack. */
  readonly subnetIds: readonly string[];
  /** Security groups of the stack. */
  readonly groupIds: readonly string[];
  /** Subnets of the providers that are somebody else's. */
  readonly givenSubnetIds: readonly string[];
  /** Of everything in the stack: descriptions of interfaces name what they belong to. */
  readonly physicalIds: readonly string[];
  /** Where the providers write to. */
  readonly logGroups: readonly string[];
}

/** Where providers write to unless they are told otherwise (Lambda developer guide, lambda-managed-instances-monitoring). */
const logPrefix = "/aws/lambda/capacity-provider/";

/** @param stackId its ARN: region and account of the providers are those of the stack */
export function groundOf(
  stackId: string,
  resources: readonly StackResource[],
  more: { readonly providers?: readonly string[]; readonly subnetIds?: readonly string[] } = {},
): Ground {
  const idsOf = (type: string) =>
    resources.filter((each) => each.type === type).flatMap(({ physicalId }) => physicalId ?? []);
  const subnetIds = idsOf("AWS::EC2::Subnet");
  const names = idsOf("AWS::Lambda::CapacityProvider");
  const named = names.map((name) => providerArn(stackId, name));
  const groups = idsOf("AWS::Logs::LogGroup").filter((name) => name.startsWith(logPrefix));
  return {
    providers: [...new Set([...named, ...(more.providers ?? [])])],
    subnetIds,
    groupIds: idsOf("AWS::EC2::SecurityGroup"),
    givenSubnetIds: (more.subnetIds ?? []).filter((id) => !subnetIds.includes(id)),
    physicalIds: resources.flatMap(({ physicalId }) => physicalId ?? []),
    logGroups: [...new Set([...groups, ...names.map((name) => `${logPrefix}${name}`)])],
  };
}

/** What either knows. */
export function joined(one: Ground, other: Ground): Ground {
  const all = (name: keyof Ground) => [...new Set([...one[name], ...other[name]])];
  return {
    providers: all("providers"),
    subnetIds: all("subnetIds"),
    groupIds: all("groupIds"),
    givenSubnetIds: all("givenSubnetIds"),
    physicalIds: all("physicalIds"),
    logGroups: all("logGroups"),
  };
}

/** `arn:aws:cloudformation:<region>:<account>:stack/…` knows partition, region and account. */
export function providerArn(stackId: string, name: string): string {
  const [, partition = "aws", , region = "", account = ""] = stackId.split(":");
  return `arn:${partition}:lambda:${region}:${account}:capacity-provider:${name}`;
}
