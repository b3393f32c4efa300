// Only what lmi uses, by name: the build leaves the rest of the client out.
export { DescribeLogGroupsCommand, StartLiveTailCommand } from "@aws-sdk/client-cloudwatch-logs";
