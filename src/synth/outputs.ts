import type { Stack } from "aws-cdk-lib/core";
import type { CapacityProvider } from "./capacity-provider.ts";
import { CfnOutput } from "./cdk.ts";
import type { StackFunction } from "./function.ts";
import type { LogGroup } from "./log-groups.ts";
import type { Network } from "./network.ts";
import type { Role } from "./roles.ts";

export interface StackProvider {
  /** Suffix of outputs when there are several. */
  readonly id: string;
  readonly resource: CapacityProvider;
  readonly logGroup: LogGroup;
  /** Keys of the functions that run on it. */
  readonly keys: readonly string[];
}

export interface StackParts {
  readonly network: Network;
  readonly operatorRole: Role;
  readonly providers: readonly StackProvider[];
  readonly functions: readonly StackFunction[];
}

/**
 * What commands and people look up in the deployed stack. With several functions or providers, theirs end with the
 * construct id.
 */
export function createOutputs(stack: Stack, parts: StackParts): void {
  const { network } = parts;
  const output = (id: string, description: string, value: string) =>
    new CfnOutput(stack, id, { description, value }).overrideLogicalId(id);

  for (const { id, resource, logGroup, url, aliases, outputs } of parts.functions) {
    const suffix = parts.functions.length === 1 ? "" : id;
    output(`FunctionName${suffix}`, "Name of the function", resource.ref);
    output(`FunctionArn${suffix}`, "ARN of the function", resource.attrArn);
    output(`FunctionLogGroup${suffix}`, "Log group of the function", logGroup.ref);
    if (url) output(`FunctionUrl${suffix}`, "URL of the function", url.attrFunctionUrl);
    if (aliases.length > 0)
      output(
        `AliasArns${suffix}`,
        "ARNs of the function's aliases",
        aliases.map(({ ref }) => ref).join(","),
      );
    for (const own of outputs) output(own.id, own.description, own.value);
  }
  for (const { id, resource, logGroup } of parts.providers) {
    const suffix = parts.providers.length === 1 ? "" : id;
    output(`CapacityProviderArn${suffix}`, "ARN of the capacity provider", resource.attrArn);
    output(`CapacityProviderLogGroup${suffix}`, "Log group of the capacity provider", logGroup.ref);
  }
  output(
    "OperatorRoleArn",
    "Role with which Lambda runs the instances",
    parts.operatorRole.attrArn,
  );
  output("VpcId", "VPC of the instances", network.vpcId);
  output("SubnetIds", "Subnets of the instances", network.subnetIds.join(","));
  output("SecurityGroupId", "Security group of the instances", network.securityGroupIds.join(","));
}
