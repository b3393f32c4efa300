import type {
  CapacityProviderLoggingConfig,
  CapacityProviderScalingConfig,
  CreateCapacityProviderRequest,
  InstanceRequirements,
  PropagateTags,
} from "@aws-sdk/client-lambda";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { each, oneOf, range, size } from "./constraints.ts";
import { invalidParameter } from "./failures.ts";
import { checkRole } from "./role.ts";

/** Limits of the botocore service model; roles, subnets and security groups must exist. */
export async function checkCapacityProvider(
  target: TargetContext,
  input: CreateCapacityProviderRequest,
  context: CallContext,
): Promise<void> {
  const { SubnetIds = [], SecurityGroupIds = [] } = input.VpcConfig ?? {};
  size("vpcConfig.subnetIds", SubnetIds, 1, 16);
  size("vpcConfig.securityGroupIds", SecurityGroupIds, 0, 5);
  checkInstances(input.InstanceRequirements ?? {});
  checkScaling(input.CapacityProviderScalingConfig);
  checkPropagateTags(input.PropagateTags);
  checkLogging(input.TelemetryConfig?.LoggingConfig);
  await checkRole(target, input.PermissionsConfig?.CapacityProviderOperatorRoleArn, context);
  await checkNetwork(target, { SubnetIds, SecurityGroupIds }, context);
}

function checkInstances(requirements: InstanceRequirements): void {
  const { Architectures, AllowedInstanceTypes, ExcludedInstanceTypes } = requirements;
  size("instanceRequirements.architectures", Architectures, 1, 1);
  oneOf("instanceRequirements.architectures", Architectures?.[0], ["x86_64", "arm64"]);
  const lists = { AllowedInstanceTypes, ExcludedInstanceTypes };
  for (const [name, types] of Object.entries(lists)) {
    const member = `instanceRequirements.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    size(member, types, 0, 400);
    each(member, types, /^[a-zA-Z0-9.-]+$/, 30);
  }
  if ((AllowedInstanceTypes ?? []).length > 0 && (ExcludedInstanceTypes ?? []).length > 0)
    throw invalidParameter(
      "Specify either AllowedInstanceTypes or ExcludedInstanceTypes, not both.",
    );
  const unsupported = (AllowedInstanceTypes ?? []).filter((type) => !isSupported(type));
  if (unsupported.length > 0)
    throw invalidParameter(
      `Instance types that Lambda Managed Instances do not support: ${unsupported.join(", ")}.`,
    );
}

/**
 * Families C, M and R, from large on: a t2.micro has been seen to be refused (aws/aws-cdk, PR 36938), in words that are
 * not published. Names alone are looked at, so that types newer than this version pass.
 */
function isSupported(type: string): boolean {
  return /^[cmr]\d[a-z0-9-]*\.(?:\d*x?large|metal.*)$/.test(type);
}

export function checkScaling(scaling: CapacityProviderScalingConfig | undefined): void {
  const { MaxVCpuCount, ScalingMode, ScalingPolicies } = scaling ?? {};
  range("capacityProviderScalingConfig.maxVCpuCount", MaxVCpuCount, 2, 15_000);
  oneOf("capacityProviderScalingConfig.scalingMode", ScalingMode, ["Manual", "Auto"]);
  const policies = "capacityProviderScalingConfig.scalingPolicies";
  size(policies, ScalingPolicies, 1, 10);
  for (const { PredefinedMetricType, TargetValue } of ScalingPolicies ?? []) {
    oneOf(`${policies}.predefinedMetricType`, PredefinedMetricType, [
      "LambdaCapacityProviderAverageCPUUtilization",
    ]);
    range(`${policies}.targetValue`, TargetValue, 0, 100);
  }
  if (ScalingPolicies && ScalingMode !== "Manual")
    throw invalidParameter("ScalingPolicies can be specified only with the ScalingMode Manual.");
}

/** At most 40 tags (AWS::Lambda::CapacityProvider, PropagateTags). */
export function checkPropagateTags(tags: PropagateTags | undefined): void {
  oneOf("propagateTags.mode", tags?.Mode, ["None", "Explicit"]);
  const count = Object.keys(tags?.ExplicitTags ?? {}).length;
  if (count > 40)
    throw invalidParameter(`PropagateTags takes at most 40 ExplicitTags; there are ${count}.`);
  if (tags?.Mode !== "Explicit" && count > 0)
    throw invalidParameter("ExplicitTags can be specified only with the mode Explicit.");
}

export function checkLogging(logging: CapacityProviderLoggingConfig | undefined): void {
  oneOf("telemetryConfig.loggingConfig.systemLogLevel", logging?.SystemLogLevel, [
    "DEBUG",
    "INFO",
    "WARN",
  ]);
}

async function checkNetwork(
  target: TargetContext,
  network: { readonly SubnetIds: readonly string[]; readonly SecurityGroupIds: readonly string[] },
  context: CallContext,
): Promise<void> {
  try {
    await target.call("ec2", "DescribeSubnets", { SubnetIds: network.SubnetIds }, context);
    if (network.SecurityGroupIds.length > 0)
      await target.call(
        "ec2",
        "DescribeSecurityGroups",
        { GroupIds: network.SecurityGroupIds },
        context,
      );
  } catch (error) {
    if (error instanceof ServiceError && /^Invalid(Subnet|Group)/.test(error.code))
      throw invalidParameter(
        `Error occurred while describing the network. EC2 Error Code: ${error.code}. EC2 Error Message: ${error.message}`,
      );
    throw error;
  }
}
