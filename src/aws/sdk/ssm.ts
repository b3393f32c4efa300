// Only what lmi uses, by name: the build leaves the rest of the client out.
export { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
