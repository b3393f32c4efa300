// Only what lmi uses, by name: the build leaves the rest of the client out.
export { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
