import type {
  DeleteFunctionRequest,
  FunctionConfiguration,
  PublishVersionRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { withState } from "./version-state.ts";
import { functionArn, functionReference } from "./arns.ts";
import { takeCode } from "./code.ts";
import type { VersionDocument } from "./documents.ts";
import { latest } from "./documents.ts";
import {
  conflict,
  functionNotFound,
  invalidParameter,
  preconditionFailed,
  updateInProgress,
} from "./failures.ts";
import { changedConfiguration, codeMembers } from "./function-configuration.ts";
import { resolveFunction, resolveVersion } from "./function-lookup.ts";
import { presented } from "./function-operations.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { publish } from "./publish.ts";
import { checkRole } from "./role.ts";
import { qualifiedId, versionsOf } from "./store.ts";
import { checkFunction } from "./validation.ts";

export function functionChangeOperations(lambda: LambdaContext): Operations {
  return {
    UpdateFunctionCode: (input: UpdateFunctionCodeRequest, context: CallContext) =>
      updateCode(lambda, input, context),

    UpdateFunctionConfiguration: (
      input: UpdateFunctionConfigurationRequest,
      context: CallContext,
    ) => updateConfiguration(lambda, input, context),

    PublishVersion: async (input: PublishVersionRequest, context: CallContext) =>
      presented(publish(lambda, input, context)),

    DeleteFunction: async (input: DeleteFunctionRequest, context: CallContext) =>
      deleteFunction(lambda, input, context),
  };
}

async function updateCode(
  lambda: LambdaContext,
  input: UpdateFunctionCodeRequest,
  context: CallContext,
): Promise<FunctionConfiguration> {
  changeable(lambda, input, context);
  const code = await takeCode(lambda.target, input, context);
  // Looked up again: another change may have been made while the code was stored.
  const version = changeable(lambda, input, context);
  const architectures = input.Architectures ? { Architectures: input.Architectures } : {};
  const configuration = {
    ...changedConfiguration(
      lambda,
      { ...version.configuration, ...architectures },
      { FunctionName: version.functionName },
      context,
    ),
    ...codeMembers(code),
  };
  if (input.DryRun) return configuration;
  return saveLatest(lambda, { ...version, configuration, code }, input, context);
}

async function updateConfiguration(
  lambda: LambdaContext,
  input: UpdateFunctionConfigurationRequest,
  context: CallContext,
): Promise<FunctionConfiguration> {
  changeable(lambda, input, context);
  checkFunction(input);
  if (input.Role) await checkRole(lambda.target, input.Role, context);
  const version = changeable(lambda, input, context);
  const configuration = changedConfiguration(lambda, version.configuration, input, context);
  return saveLatest(lambda, { ...version, configuration }, {}, context);
}

/** `$LATEST` of a function that may be changed now. */
function changeable(
  lambda: LambdaContext,
  input: { readonly FunctionName?: string | undefined; readonly RevisionId?: string | undefined },
  context: CallContext,
): VersionDocument {
  const { name } = functionReference({ FunctionName: input.FunctionName });
  const version = resolveVersion(lambda, { FunctionName: name }, context);
  const { State, RevisionId } = version.configuration;
  if (State === "Pending" || State === "Deleting")
    throw updateInProgress(functionArn(context, name));
  if (input.RevisionId && input.RevisionId !== RevisionId) throw preconditionFailed();
  return version;
}

function saveLatest(
  lambda: LambdaContext,
  version: VersionDocument,
  input: Pick<UpdateFunctionCodeRequest, "Publish" | "PublishTo">,
  context: CallContext,
): FunctionConfiguration {
  const { functionName } = version;
  return lambda.store.transaction(() => {
    lambda.store.versions.put(context.region, qualifiedId(functionName, latest), version);
    if (!input.Publish && !input.PublishTo) return presented(version);
    const { PublishTo } = input;
    return presented(publish(lambda, { FunctionName: functionName, PublishTo }, context));
  });
}

/** Deleting is asynchronous on managed instances (202): versions are Deleting until their environments have ended. */
function deleteFunction(
  lambda: LambdaContext,
  input: DeleteFunctionRequest,
  context: CallContext,
): { readonly StatusCode: number } {
  const { name, qualifier } = functionReference(input);
  resolveFunction(lambda, name, context);
  if (qualifier === latest) {
    throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
  }
  const all = versionsOf(lambda.store, context.region, name);
  const doomed =
    qualifier === undefined ? all : all.filter((version) => version.qualifier === qualifier);
  if (doomed.length === 0) throw functionNotFound(functionArn(context, name, qualifier));
  if (qualifier !== undefined) refuseWhileAliased(lambda, name, qualifier, context);
  lambda.store.transaction(() => {
    for (const version of doomed) {
      lambda.store.versions.put(
        context.region,
        qualifiedId(name, version.qualifier),
        withState(version, { State: "Deleting" }),
      );
    }
  });
  lambda.activation.delete(context.region, name);
  const managed = doomed.some(({ configuration }) => configuration.CapacityProviderConfig);
  return { StatusCode: managed ? 202 : 204 };
}

function refuseWhileAliased(
  { store }: LambdaContext,
  name: string,
  qualifier: string,
  { region }: CallContext,
): void {
  const aliases = store.aliases
    .list(region)
    .filter(
      ({ functionName, alias }) => functionName === name && alias.FunctionVersion === qualifier,
    )
    .map(({ alias }) => alias.Name);
  if (aliases.length > 0)
    throw conflict(`Version ${qualifier} is currently referenced by alias ${aliases.join(", ")}.`);
}
