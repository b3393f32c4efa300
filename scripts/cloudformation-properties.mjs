// How what CloudFormation knows of Managed Instances is reached: by a setting, by `overrides`, or not, and why. A test
// holds the list to AWS's resource data; docs/settings.md shows it.

const setting = (...keys) => ({ settings: keys });
const override = (why) => ({ override: why });
const no = (why) => ({ no: why });
const refused = "Managed Instances refuse it";

export const cloudFormationProperties = {
  "AWS::Lambda::CapacityProvider": {
    CapacityProviderName: override(
      "CloudFormation chooses the name: with a fixed one no change that replaces the provider could be made",
    ),
    "CapacityProviderScalingConfig.MaxVCpuCount": setting("capacity.maxVCpu"),
    "CapacityProviderScalingConfig.ScalingMode": setting("capacity.scaling.targetCpu"),
    "CapacityProviderScalingConfig.ScalingPolicies.PredefinedMetricType": override(
      "the average CPU use: of the other metric, GPU use, no documentation tells",
    ),
    "CapacityProviderScalingConfig.ScalingPolicies.TargetValue": setting(
      "capacity.scaling.targetCpu",
    ),
    "InstanceRequirements.Architectures": setting("capacity.architecture"),
    "InstanceRequirements.AllowedInstanceTypes": setting("capacity.instanceTypes.allow"),
    "InstanceRequirements.ExcludedInstanceTypes": setting("capacity.instanceTypes.exclude"),
    KmsKeyArn: setting("capacity.kmsKeyArn"),
    "PermissionsConfig.CapacityProviderOperatorRoleArn": override(
      "the role that the stack makes; confusedDeputyProtection narrows who may take it",
    ),
    Tags: setting("tags"),
    "VpcConfig.SubnetIds": setting("network.subnetIds", "network.azs"),
    "VpcConfig.SecurityGroupIds": setting("network.securityGroupIds"),
    "PropagateTags.Mode": setting("capacity.propagateTags"),
    "PropagateTags.ExplicitTags": setting("capacity.propagateTags"),
    "TelemetryConfig.LoggingConfig.LogGroup": override(
      "the group that the stack makes, with the retention of capacity.logRetention",
    ),
    "TelemetryConfig.LoggingConfig.SystemLogLevel": setting("capacity.logLevel"),
  },
  "AWS::Lambda::Function": {
    Architectures: setting("capacity.architecture"),
    "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn":
      setting("functions.<name>.capacityProvider"),
    "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.ExecutionEnvironmentMemoryGiBPerVCpu":
      setting("functions.<name>.memoryPerVCpu"),
    "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.PerExecutionEnvironmentMaxConcurrency":
      setting("functions.<name>.concurrency"),
    Code: setting("functions.<name>.entry"),
    CodeSigningConfigArn: override("whether Managed Instances take it is not documented"),
    "DeadLetterConfig.TargetArn": setting("functions.<name>.deadLetterArn"),
    Description: override("says nothing to Lambda"),
    DurableConfig: override("durable functions on Managed Instances were not looked into"),
    "Environment.Variables": setting("functions.<name>.environment"),
    "EphemeralStorage.Size": setting("functions.<name>.ephemeralStorage"),
    FileSystemConfigs: no(refused),
    FunctionName: setting("functions.<name>"),
    "FunctionScalingConfig.MaxExecutionEnvironments": setting("functions.<name>.maxEnvironments"),
    "FunctionScalingConfig.MinExecutionEnvironments": setting("functions.<name>.minEnvironments"),
    Handler: setting("functions.<name>.handler"),
    ImageConfig: no("code is a .zip, not an image"),
    KmsKeyArn: setting("functions.<name>.kmsKeyArn"),
    Layers: setting("functions.<name>.layers"),
    "LoggingConfig.ApplicationLogLevel": setting("functions.<name>.logLevel"),
    "LoggingConfig.LogFormat": no("always JSON: Managed Instances refuse any other"),
    "LoggingConfig.LogGroup": override(
      "the group that the stack makes, with the retention of logRetention",
    ),
    "LoggingConfig.SystemLogLevel": setting("functions.<name>.systemLogLevel"),
    MemorySize: setting("functions.<name>.memory"),
    PackageType: no("code is a .zip, not an image"),
    PublishToLatestPublished: no("always true: every change is published to $LATEST.PUBLISHED"),
    RecursiveLoop: override("Lambda's default, which ends loops, is kept"),
    ReservedConcurrentExecutions: override(
      "what Managed Instances make of it is not documented; maxEnvironments limits them",
    ),
    Role: setting("functions.<name>.policies"),
    Runtime: setting("functions.<name>.runtime"),
    RuntimeManagementConfig: override("Lambda's default, Auto, is kept"),
    SnapStart: no(refused),
    Tags: setting("tags"),
    TenancyConfig: override("whether Managed Instances take it is not documented"),
    Timeout: setting("functions.<name>.timeout"),
    "TracingConfig.Mode": setting("functions.<name>.tracing"),
    VpcConfig: no(`${refused}: the network is the capacity provider's`),
  },
};

/** The table of docs/settings.md. */
export function cloudFormationTable() {
  return Object.entries(cloudFormationProperties).flatMap(([type, properties]) => [
    `### ${type}`,
    "",
    "| property | reached by |",
    "|---|---|",
    ...Object.entries(properties).map(([name, how]) => `| \`${name}\` | ${inWords(how)} |`),
    "",
  ]);
}

function inWords({ settings, override: why, no: reason }) {
  if (settings) return settings.map((key) => `\`${key}\``).join(", ");
  return why === undefined ? `not: ${reason}` : `\`overrides\`: ${why}`;
}
