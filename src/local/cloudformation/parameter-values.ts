import type { CallContext, ServiceName, TargetContext } from "../service.ts";
import { ServiceError } from "../service-error.ts";
import type { EngineParts } from "./engine/run.ts";
import { parameterItems } from "./template/parameters.ts";
import type { ParameterValue } from "./template/parameters.ts";
import { validationError } from "./template/template.ts";
import type { Template } from "./template/template.ts";

interface ParameterAnswer {
  readonly Parameter?: { readonly Value?: string };
}

export async function readStoredParameters(
  parts: EngineParts,
  names: readonly string[],
  caller: CallContext,
): Promise<Map<string, string>> {
  const found = await Promise.all(
    names.map(async (Name) => {
      try {
        const answer = await parts.context.call<ParameterAnswer>(
          "ssm",
          "GetParameter",
          { Name },
          caller,
        );
        return [Name, answer.Parameter?.Value] as const;
      } catch (error) {
        if (error instanceof ServiceError && error.code.startsWith("ParameterNotFound"))
          return [Name, undefined] as const;
        throw error;
      }
    }),
  );
  return new Map(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** How to ask whether a value of an AWS-specific type exists: by the type, without `List<…>`. */
const lookups: Readonly<Record<string, readonly [ServiceName, string, string]>> = {
  "AWS::EC2::Subnet::Id": ["ec2", "DescribeSubnets", "SubnetIds"],
  "AWS::EC2::VPC::Id": ["ec2", "DescribeVpcs", "VpcIds"],
  "AWS::EC2::SecurityGroup::Id": ["ec2", "DescribeSecurityGroups", "GroupIds"],
  "AWS::EC2::SecurityGroup::GroupName": ["ec2", "DescribeSecurityGroups", "GroupNames"],
  "AWS::EC2::AvailabilityZone::Name": ["ec2", "DescribeAvailabilityZones", "ZoneNames"],
  "AWS::SSM::Parameter::Name": ["ssm", "GetParameters", "Names"],
};

/**
 * Refuses values of AWS-specific parameter types that name nothing in the account. Key pairs, images,
 * instances, volumes and hosted zones are not asked for, since the target has none of its own.
 */
export async function checkExisting(
  context: TargetContext,
  template: Pick<Template, "Parameters">,
  values: readonly ParameterValue[],
  caller: CallContext,
): Promise<void> {
  for (const value of values) {
    const { type, items } = parameterItems(template.Parameters[value.key], value);
    const lookup = lookups[type];
    if (!lookup) continue;
    for (const item of items) {
      // One after the other: the first that does not exist is told, as by AWS.
      if (await exists(context, lookup, item, caller)) continue;
      throw validationError(
        `Parameter validation failed: parameter value ${item} for parameter name ${value.key} does not exist`,
      );
    }
  }
}

async function exists(
  context: TargetContext,
  [service, operation, member]: readonly [ServiceName, string, string],
  item: string,
  caller: CallContext,
): Promise<boolean> {
  try {
    const answer = await context.call<{ readonly InvalidParameters?: readonly string[] }>(
      service,
      operation,
      { [member]: [item] },
      caller,
    );
    return (answer.InvalidParameters ?? []).length === 0;
  } catch (error) {
    if (error instanceof ServiceError && /NotFound|Invalid/.test(error.code)) return false;
    throw error;
  }
}
