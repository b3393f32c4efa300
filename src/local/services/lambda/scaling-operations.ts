import type {
  FunctionScalingConfig,
  GetFunctionScalingConfigRequest,
  GetFunctionScalingConfigResponse,
  PutFunctionScalingConfigRequest,
  PutFunctionScalingConfigResponse,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { functionArn, functionReference } from "./arns.ts";
import { latestPublished } from "./documents.ts";
import { constraint, functionNotFound, invalidParameter, updateInProgress } from "./failures.ts";
import { resolveFunction, resolveVersion } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { qualifiedId } from "./store.ts";

export function scalingOperations(lambda: LambdaContext): Operations {
  return {
    PutFunctionScalingConfig: async (
      input: PutFunctionScalingConfigRequest,
      context: CallContext,
    ) => put(lambda, input, context),

    GetFunctionScalingConfig: async (
      input: GetFunctionScalingConfigRequest,
      context: CallContext,
    ): Promise<GetFunctionScalingConfigResponse> => {
      const { name, qualifier } = scaled(lambda, input, context);
      const version = lambda.store.versions.get(context.region, qualifiedId(name, qualifier));
      if (!version) throw functionNotFound(functionArn(context, name, qualifier));
      return {
        FunctionArn: functionArn(context, name, qualifier),
        AppliedFunctionScalingConfig: version.appliedScaling ?? {},
        RequestedFunctionScalingConfig: version.requestedScaling ?? {},
      };
    },
  };
}

function put(
  lambda: LambdaContext,
  input: PutFunctionScalingConfigRequest,
  context: CallContext,
): PutFunctionScalingConfigResponse {
  const { name, qualifier } = scaled(lambda, input, context);
  const scaling = checked(input.FunctionScalingConfig ?? {});
  const { store } = lambda;
  const version = store.versions.get(context.region, qualifiedId(name, qualifier));
  const { State, LastUpdateStatus } = version?.configuration ?? {};
  if (State === "Deleting" || State === "Deactivating" || LastUpdateStatus === "InProgress")
    throw updateInProgress(functionArn(context, name, qualifier));
  // With the state that follows from it: a target that is killed in between would forget that a change is due.
  store.transaction(() => {
    // Kept with the function: the next version published as $LATEST.PUBLISHED starts with it.
    if (qualifier === latestPublished) {
      const document = resolveFunction(lambda, name, context);
      store.functions.put(context.region, name, { ...document, scaling });
    }
    if (!version) return;
    const id = qualifiedId(name, qualifier);
    store.versions.put(context.region, id, { ...version, requestedScaling: scaling });
    lambda.activation.scale({ region: context.region, functionName: name, qualifier }, scaling);
  });
  if (!version) {
    if (qualifier !== latestPublished)
      throw functionNotFound(functionArn(context, name, qualifier));
    return { FunctionState: "ActiveNonInvocable" };
  }
  const after = store.versions.get(context.region, qualifiedId(name, qualifier));
  return { FunctionState: after?.configuration.State };
}

/** Scaling belongs to `$LATEST.PUBLISHED` or a number; never to an alias or `$LATEST` (botocore service model). */
function scaled(
  lambda: LambdaContext,
  input: GetFunctionScalingConfigRequest,
  context: CallContext,
): { readonly name: string; readonly qualifier: string } {
  const { name, qualifier = "" } = functionReference(input);
  if (qualifier !== latestPublished && !/^\d+$/.test(qualifier))
    throw constraint(
      "qualifier",
      qualifier,
      "Member must satisfy regular expression pattern: \\$LATEST\\.PUBLISHED|[0-9]+",
    );
  const { configuration } = resolveVersion(lambda, { FunctionName: name }, context);
  if (!configuration.CapacityProviderConfig) {
    // Observed answer (go-to-k/cdkd, issue 1616).
    throw new ServiceError(
      "AccessDeniedException",
      "The function provided by the arn does not contain a capacity provider configuration",
      { status: 403 },
    );
  }
  return { name, qualifier };
}

function checked(scaling: FunctionScalingConfig): FunctionScalingConfig {
  const { MinExecutionEnvironments: min, MaxExecutionEnvironments: max } = scaling;
  for (const [member, value] of Object.entries({ min, max })) {
    if (value !== undefined && (value < 0 || value > 15_000))
      throw constraint(
        `functionScalingConfig.${member}ExecutionEnvironments`,
        value,
        "Member must have value between 0 and 15000",
      );
  }
  if (min !== undefined && max !== undefined && min > max)
    throw invalidParameter(
      "MinExecutionEnvironments must be less than or equal to MaxExecutionEnvironments.",
    );
  if (min === 0 && max !== 0)
    throw invalidParameter(
      "MinExecutionEnvironments can be 0 only if MaxExecutionEnvironments is 0.",
    );
  return scaling;
}
