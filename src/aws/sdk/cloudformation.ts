// Only what lmi uses, by name: the build leaves the rest of the client out.
export {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  GetTemplateCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
