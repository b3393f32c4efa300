// Only what lmi uses, by name: the build leaves the rest of the client out.
export {
  DeleteFunctionCommand,
  GetCapacityProviderCommand,
  GetFunctionConfigurationCommand,
  GetFunctionScalingConfigCommand,
  InvokeCommand,
  LambdaClient,
  paginateListAliases,
  paginateListFunctionVersionsByCapacityProvider,
  paginateListVersionsByFunction,
  ResourceConflictException,
  PutFunctionScalingConfigCommand,
  paginateListCapacityProviders,
  PublishVersionCommand,
  ResourceNotFoundException,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
