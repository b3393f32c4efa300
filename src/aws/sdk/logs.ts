// Only what lmi uses, by name: the build leaves the rest of the client out.
export { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
