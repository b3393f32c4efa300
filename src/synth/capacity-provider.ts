import type { Stack } from "aws-cdk-lib/core";
import { CfnCapacityProvider } from "./cdk.ts";
import type { LogGroup } from "./log-groups.ts";
import type { Network } from "./network.ts";
import type { Role } from "./roles.ts";
import type { CapacitySettings } from "./settings.ts";

export type CapacityProvider = InstanceType<typeof CfnCapacityProvider>;

export interface CapacityProviderParts {
  readonly network: Network;
  readonly operatorRole: Role;
  readonly logGroup: LogGroup;
}

/**
 * Unnamed: everything but its scaling, tags and telemetry can only change by replacement, and CloudFormation cannot
 * replace what has a fixed name. It depends on all routes and the log group, so that on deletion its instances go first.
 */
export function createCapacityProvider(
  stack: Stack,
  id: string,
  settings: CapacitySettings,
  { network, operatorRole, logGroup }: CapacityProviderParts,
): CapacityProvider {
  const provider = new CfnCapacityProvider(stack, id, {
    capacityProviderScalingConfig: { maxVCpuCount: settings.maxVCpu, ...scaling(settings) },
    instanceRequirements: {
      architectures: [settings.architecture],
      ...(settings.instanceTypes?.allow
        ? { allowedInstanceTypes: [...settings.instanceTypes.allow] }
        : {}),
      ...(settings.instanceTypes?.exclude
        ? { excludedInstanceTypes: [...settings.instanceTypes.exclude] }
        : {}),
    },
    permissionsConfig: { capacityProviderOperatorRoleArn: operatorRole.attrArn },
    telemetryConfig: {
      loggingConfig: {
        logGroup: logGroup.ref,
        ...(settings.logLevel ? { systemLogLevel: settings.logLevel } : {}),
      },
    },
    ...(settings.kmsKeyArn ? { kmsKeyArn: settings.kmsKeyArn } : {}),
    ...propagated(settings),
    vpcConfig: {
      subnetIds: [...network.subnetIds],
      securityGroupIds: [...network.securityGroupIds],
    },
  });
  // cfn-lint before 1.58 does not know TelemetryConfig, which CloudFormation has since 2026-07.
  provider.addMetadata("cfn-lint", { config: { ignore_checks: ["E3002"] } });
  for (const connection of network.connections) provider.addResourceDependency(connection);
  return provider;
}

function scaling({ scaling: manual }: CapacitySettings) {
  if (!manual) return { scalingMode: "Auto" };
  return {
    scalingMode: "Manual",
    scalingPolicies: [
      {
        predefinedMetricType: "LambdaCapacityProviderAverageCPUUtilization",
        targetValue: manual.targetCpu,
      },
    ],
  };
}

function propagated({ propagateTags }: CapacitySettings) {
  if (!propagateTags || Object.keys(propagateTags).length === 0) return {};
  const explicitTags = Object.entries(propagateTags).map(([key, value]) => ({ key, value }));
  return { propagateTags: { mode: "Explicit", explicitTags } };
}
