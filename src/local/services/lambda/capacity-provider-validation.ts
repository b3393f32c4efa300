import type {
  CapacityProviderScalingConfig,
  CreateCapacityProviderRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { constraint, invalidParameter } from "./failures.ts";
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
  const {
    Architectures = [],
    AllowedInstanceTypes = [],
    ExcludedInstanceTypes = [],
  } = input.InstanceRequirements ?? {};
  size("instanceRequirements.architectures", Architectures, 0, 1);
  if (AllowedInstanceTypes.length > 0 && ExcludedInstanceTypes.length > 0)
    throw invalidParameter(
      "Specify either AllowedInstanceTypes or ExcludedInstanceTypes, not both.",
    );
  size("instanceRequirements.allowedInstanceTypes", AllowedInstanceTypes, 0, 400);
  size("instanceRequirements.excludedInstanceTypes", ExcludedInstanceTypes, 0, 400);
  checkScaling(input.CapacityProviderScalingConfig);
  await checkRole(target, input.PermissionsConfig?.CapacityProviderOperatorRoleArn, context);
  await checkNetwork(target, { SubnetIds, SecurityGroupIds }, context);
}

export function checkScaling(scaling: CapacityProviderScalingConfig | undefined): void {
  const max = scaling?.MaxVCpuCount;
  const member = "capacityProviderScalingConfig.maxVCpuCount";
  if (max !== undefined && max < 2)
    throw constraint(member, max, "Member must have value greater than or equal to 2");
  if (max !== undefined && max > 15_000)
    throw constraint(member, max, "Member must have value less than or equal to 15000");
  const policies = scaling?.ScalingPolicies ?? [];
  size("capacityProviderScalingConfig.scalingPolicies", policies, 0, 10);
  if (policies.length > 0 && scaling?.ScalingMode !== "Manual")
    throw invalidParameter("ScalingPolicies can be specified only with the ScalingMode Manual.");
}

function size(member: string, values: readonly unknown[], min: number, max: number): void {
  if (values.length < min)
    throw constraint(
      member,
      `[${values.join(", ")}]`,
      `Member must have length greater than or equal to ${min}`,
    );
  if (values.length > max)
    throw constraint(
      member,
      `[${values.join(", ")}]`,
      `Member must have length less than or equal to ${max}`,
    );
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
