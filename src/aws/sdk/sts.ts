// Only what lmi uses, by name: the build leaves the rest of the client out.
export { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
