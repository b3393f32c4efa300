// Only what lmi uses, by name: the build leaves the rest of the client out.
export { CloudWatchClient, paginateGetMetricData } from "@aws-sdk/client-cloudwatch";
