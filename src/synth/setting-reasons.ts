import type { RuleReason } from "./rule-catalogue.ts";

/** The property of CloudFormation that a setting becomes: AWS's resource schemas say what it may be. */
type Becomes = readonly [type: string, property: string];

const provider = (property: string): Becomes => ["AWS::Lambda::CapacityProvider", property];
const lambda = (property: string): Becomes => ["AWS::Lambda::Function", property];
const mapping = (property: string): Becomes => ["AWS::Lambda::EventSourceMapping", property];
const retries = (property: string): Becomes => ["AWS::Lambda::EventInvokeConfig", property];
const url = (property: string): Becomes => ["AWS::Lambda::Url", property];
const managed = "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig";

/** `*` stands for a name that the user gives, or for the position in a list. The longest path that fits is meant. */
export const settingProperties: Readonly<Record<string, Becomes>> = {
  "network.cidr": ["AWS::EC2::VPC", "CidrBlock"],
  "network.azs": ["AWS::EC2::Subnet", "AvailabilityZone"],
  "network.endpoints": ["AWS::EC2::VPCEndpoint", "ServiceName"],
  "network.vpcId": ["AWS::EC2::SecurityGroup", "VpcId"],
  "network.subnetIds": provider("VpcConfig.SubnetIds"),
  "network.securityGroupIds": provider("VpcConfig.SecurityGroupIds"),
  "capacity.architecture": provider("InstanceRequirements.Architectures"),
  "capacity.maxVCpu": provider("CapacityProviderScalingConfig.MaxVCpuCount"),
  "capacity.instanceTypes.allow": provider("InstanceRequirements.AllowedInstanceTypes"),
  "capacity.instanceTypes.exclude": provider("InstanceRequirements.ExcludedInstanceTypes"),
  "capacity.scaling.targetCpu": provider(
    "CapacityProviderScalingConfig.ScalingPolicies.TargetValue",
  ),
  "capacity.kmsKeyArn": provider("KmsKeyArn"),
  "capacity.propagateTags": provider("PropagateTags.ExplicitTags"),
  "capacity.logLevel": provider("TelemetryConfig.LoggingConfig.SystemLogLevel"),
  "capacity.logRetention": ["AWS::Logs::LogGroup", "RetentionInDays"],
  "functions.*": lambda("FunctionName"),
  "functions.*.entry": lambda("Code"),
  "functions.*.handler": lambda("Handler"),
  "functions.*.runtime": lambda("Runtime"),
  "functions.*.memory": lambda("MemorySize"),
  "functions.*.memoryPerVCpu": lambda(`${managed}.ExecutionEnvironmentMemoryGiBPerVCpu`),
  "functions.*.concurrency": lambda(`${managed}.PerExecutionEnvironmentMaxConcurrency`),
  "functions.*.minEnvironments": lambda("FunctionScalingConfig.MinExecutionEnvironments"),
  "functions.*.maxEnvironments": lambda("FunctionScalingConfig.MaxExecutionEnvironments"),
  "functions.*.timeout": lambda("Timeout"),
  "functions.*.ephemeralStorage": lambda("EphemeralStorage.Size"),
  "functions.*.environment": lambda("Environment.Variables"),
  "functions.*.logRetention": ["AWS::Logs::LogGroup", "RetentionInDays"],
  "functions.*.logLevel": lambda("LoggingConfig.ApplicationLogLevel"),
  "functions.*.systemLogLevel": lambda("LoggingConfig.SystemLogLevel"),
  "functions.*.tracing": lambda("TracingConfig.Mode"),
  "functions.*.layers": lambda("Layers"),
  "functions.*.policies": ["AWS::IAM::Role", "Policies"],
  "functions.*.deadLetterArn": lambda("DeadLetterConfig.TargetArn"),
  "functions.*.asyncInvoke": retries("DestinationConfig"),
  "functions.*.asyncInvoke.maxEventAge": retries("MaximumEventAgeInSeconds"),
  "functions.*.asyncInvoke.retryAttempts": retries("MaximumRetryAttempts"),
  "functions.*.aliases": ["AWS::Lambda::Alias", "Name"],
  "functions.*.kmsKeyArn": lambda("KmsKeyArn"),
  "functions.*.url.auth": url("AuthType"),
  "functions.*.url.stream": url("InvokeMode"),
  "functions.*.url.cors": url("Cors"),
  "functions.*.events.*.batchSize": mapping("BatchSize"),
  "functions.*.events.*.batchWindow": mapping("MaximumBatchingWindowInSeconds"),
  "functions.*.events.*.filters": mapping("FilterCriteria"),
  "functions.*.events.*.maximumConcurrency": mapping("ScalingConfig.MaximumConcurrency"),
  "functions.*.events.*.pollers": mapping("ProvisionedPollerConfig"),
  "functions.*.events.*.startingPosition": mapping("StartingPosition"),
  "functions.*.events.*.retryAttempts": mapping("MaximumRetryAttempts"),
  "functions.*.events.*.maxRecordAge": mapping("MaximumRecordAgeInSeconds"),
  "functions.*.events.*.tumblingWindow": mapping("TumblingWindowInSeconds"),
  "functions.*.events.*.parallelization": mapping("ParallelizationFactor"),
  "functions.*.events.*.topic": mapping("Topics"),
  "functions.*.events.*.bootstrapServers": mapping(
    "SelfManagedEventSource.Endpoints.KafkaBootstrapServers",
  ),
  "functions.*.events.*.visibilityTimeout": ["AWS::SQS::Queue", "VisibilityTimeout"],
  "functions.*.events.*.maxReceiveCount": ["AWS::SQS::Queue", "RedrivePolicy"],
  "functions.*.events.*.queueName": ["AWS::SQS::Queue", "QueueName"],
  "functions.*.events.*.expression": ["AWS::Scheduler::Schedule", "ScheduleExpression"],
  "functions.*.events.*.timezone": ["AWS::Scheduler::Schedule", "ScheduleExpressionTimezone"],
  "functions.*.events.*.flexibleWindow": ["AWS::Scheduler::Schedule", "FlexibleTimeWindow"],
  "functions.*.events.*.pattern": ["AWS::Events::Rule", "EventPattern"],
  "functions.*.events.*.bus": ["AWS::Events::Rule", "EventBusName"],
  "functions.*.events.*.bucketName": ["AWS::S3::Bucket", "BucketName"],
  "functions.*.events.*.topicName": ["AWS::SNS::Topic", "TopicName"],
  "functions.*.events.*.routes": ["AWS::ApiGatewayV2::Route", "RouteKey"],
  "schedule.pause": ["AWS::Scheduler::Schedule", "ScheduleExpression"],
  "schedule.resume": ["AWS::Scheduler::Schedule", "ScheduleExpression"],
  "schedule.timezone": ["AWS::Scheduler::Schedule", "ScheduleExpressionTimezone"],
  tags: ["AWS::CloudFormation::Stack", "Tags"],
};

/** Bounds that are narrower than AWS's own. */
const narrower: Readonly<Record<string, string>> = {
  "capacity.maxVCpu":
    "The API takes 2, CDK and the deployments that were measured need 12: one instance, and room to replace it.",
};

/** Why a value is none for the setting at a dotted path; undefined where the setting is lmi's own. */
export function reasonOfSetting(path: string): RuleReason | undefined {
  const key = longestFit(path.replace(/^capacityProviders\.[^.]+/, "capacity").split("."));
  const becomes = key === undefined ? undefined : settingProperties[key];
  if (key === undefined || becomes === undefined) return undefined;
  const [type, property] = becomes;
  return {
    why: narrower[key] ?? `It becomes ${property} of ${type}, which takes no such value.`,
    source: `AWS CloudFormation resource reference, ${type}, ${property}`,
    mend: "Give a value in the range that docs/settings.md names.",
  };
}

/** What is said of a name says nothing of what belongs to it. */
const namesAlone: ReadonlySet<string> = new Set(["functions.*"]);

function longestFit(path: readonly string[]): string | undefined {
  const fits = (key: string) => {
    const parts = key.split(".");
    if (parts.length > path.length || (namesAlone.has(key) && parts.length < path.length))
      return false;
    return parts.every((part, at) => part === "*" || part === path[at]);
  };
  return Object.keys(settingProperties)
    .filter(fits)
    .toSorted((one, other) => other.length - one.length)[0];
}
