// Written by scripts/input-constraints.py from botocore's service model.
import type { Constraints } from "../input-constraints.ts";

export const events: Constraints = {
  "AppSyncParameters.GraphQLOperation": { min: 1, max: 1048576, sensitive: true },
  "AwsVpcConfiguration.AssignPublicIp": { enum: ["ENABLED", "DISABLED"] },
  "CapacityProviderStrategyItem.capacityProvider": { min: 1, max: 255 },
  "CreateEventBusRequest.Description": { max: 512 },
  "CreateEventBusRequest.EventSourceName": {
    min: 1,
    max: 256,
    pattern: "aws\\.partner(/[\\.\\-_A-Za-z0-9]+){2,}",
  },
  "CreateEventBusRequest.KmsKeyIdentifier": { max: 2048, pattern: "^[a-zA-Z0-9_\\-/:]*$" },
  "CreateEventBusRequest.Name": { min: 1, max: 256, pattern: "[/\\.\\-_A-Za-z0-9]+" },
  "DeadLetterConfig.Arn": { min: 1, max: 1600 },
  "DeleteEventBusRequest.Name": { min: 1, max: 256, pattern: "[/\\.\\-_A-Za-z0-9]+" },
  "DeleteRuleRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "DeleteRuleRequest.Name": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "DescribeEventBusRequest.Name": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "DescribeRuleRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "DescribeRuleRequest.Name": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "DisableRuleRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "DisableRuleRequest.Name": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "EcsParameters.CapacityProviderStrategy": { max: 6 },
  "EcsParameters.LaunchType": { enum: ["EC2", "FARGATE", "EXTERNAL"] },
  "EcsParameters.PlacementConstraints": { max: 10 },
  "EcsParameters.PlacementStrategy": { max: 5 },
  "EcsParameters.PropagateTags": { enum: ["TASK_DEFINITION"] },
  "EcsParameters.ReferenceId": { max: 1024 },
  "EcsParameters.TaskDefinitionArn": { min: 1, max: 1600 },
  "EnableRuleRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "EnableRuleRequest.Name": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "HttpParameters.HeaderParameters{}": {
    max: 512,
    pattern: "^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$",
  },
  "HttpParameters.PathParameterValues[]": { pattern: "^(?!\\s*$).+" },
  "HttpParameters.QueryStringParameters{}": {
    max: 512,
    pattern: "[^\\x00-\\x09\\x0B\\x0C\\x0E-\\x1F\\x7F]+",
  },
  "InputTransformer.InputPathsMap": { max: 100 },
  "InputTransformer.InputPathsMap{}": { max: 256 },
  "InputTransformer.InputTemplate": { min: 1, max: 8192 },
  "KinesisParameters.PartitionKeyPath": { max: 256 },
  "ListEventBusesRequest.NamePrefix": { min: 1, max: 256, pattern: "[/\\.\\-_A-Za-z0-9]+" },
  "ListEventBusesRequest.NextToken": { min: 1, max: 2048 },
  "ListRulesRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "ListRulesRequest.NamePrefix": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "ListRulesRequest.NextToken": { min: 1, max: 2048 },
  "ListTargetsByRuleRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "ListTargetsByRuleRequest.NextToken": { min: 1, max: 2048 },
  "ListTargetsByRuleRequest.Rule": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "LogConfig.IncludeDetail": { enum: ["NONE", "FULL"] },
  "LogConfig.Level": { enum: ["OFF", "ERROR", "INFO", "TRACE"] },
  "PlacementConstraint.expression": { max: 2000 },
  "PlacementConstraint.type": { enum: ["distinctInstance", "memberOf"] },
  "PlacementStrategy.field": { max: 255 },
  "PlacementStrategy.type": { enum: ["random", "spread", "binpack"] },
  "PutEventsRequest.EndpointId": {
    min: 1,
    max: 50,
    pattern: "^[A-Za-z0-9\\-]+[\\.][A-Za-z0-9\\-]+$",
  },
  "PutEventsRequest.Entries": { min: 1, max: 10 },
  "PutEventsRequestEntry.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[\\.\\-_A-Za-z0-9]+",
  },
  "PutEventsRequestEntry.Resources[]": { max: 2048 },
  "PutEventsRequestEntry.TraceHeader": { min: 1, max: 500 },
  "PutRuleRequest.Description": { max: 512 },
  "PutRuleRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "PutRuleRequest.EventPattern": { max: 4096 },
  "PutRuleRequest.Name": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "PutRuleRequest.RoleArn": { min: 1, max: 1600 },
  "PutRuleRequest.ScheduleExpression": { max: 256 },
  "PutRuleRequest.State": {
    enum: ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"],
  },
  "PutTargetsRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "PutTargetsRequest.Rule": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "PutTargetsRequest.Targets": { min: 1, max: 100 },
  "RedshiftDataParameters.Database": { min: 1, max: 64 },
  "RedshiftDataParameters.DbUser": { min: 1, max: 128 },
  "RedshiftDataParameters.SecretManagerArn": {
    min: 1,
    max: 1600,
    pattern:
      "(^arn:aws([a-z]|\\-)*:secretsmanager:[a-z0-9-.]+:.*)|(\\$(\\.[\\w_-]+(\\[(\\d+|\\*)\\])*)*)",
  },
  "RedshiftDataParameters.Sql": { min: 1, max: 100000, sensitive: true },
  "RedshiftDataParameters.Sqls": { min: 0, max: 40, sensitive: true },
  "RedshiftDataParameters.Sqls[]": { min: 1, max: 100000, sensitive: true },
  "RedshiftDataParameters.StatementName": { min: 1, max: 500 },
  "RemoveTargetsRequest.EventBusName": {
    min: 1,
    max: 1600,
    pattern:
      "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  "RemoveTargetsRequest.Ids": { min: 1, max: 100 },
  "RemoveTargetsRequest.Ids[]": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "RemoveTargetsRequest.Rule": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "RunCommandParameters.RunCommandTargets": { min: 1, max: 5 },
  "RunCommandTarget.Key": { min: 1, max: 128, pattern: "^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$" },
  "RunCommandTarget.Values": { min: 1, max: 50 },
  "RunCommandTarget.Values[]": { min: 1, max: 256 },
  "SageMakerPipelineParameter.Name": { min: 1, max: 256, pattern: "^[a-zA-Z0-9](-*[a-zA-Z0-9])*$" },
  "SageMakerPipelineParameter.Value": { max: 1024 },
  "SageMakerPipelineParameters.PipelineParameterList": { min: 0, max: 200 },
  "SqsParameters.MessageGroupId": { max: 100 },
  "Tag.Key": { min: 1, max: 128 },
  "Tag.Value": { min: 0, max: 256 },
  "Target.Arn": { min: 1, max: 1600 },
  "Target.Id": { min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  "Target.Input": { max: 8192 },
  "Target.InputPath": { max: 256 },
  "Target.RoleArn": { min: 1, max: 1600 },
  "TestEventPatternRequest.EventPattern": { max: 4096 },
};
