// Only what lmi uses, by name: the build leaves the rest of the client out.
export {
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
