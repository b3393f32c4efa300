// Only what lmi uses, by name: the build leaves the rest of the client out.
export {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateSimulatePrincipalPolicy,
} from "@aws-sdk/client-iam";
