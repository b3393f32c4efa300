import type {
  CreateFunctionRequest,
  FunctionConfiguration,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  ListFunctionsRequest,
  ListVersionsByFunctionRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { functionArn, functionReference } from "./arns.ts";
import { takeCode } from "./code.ts";
import type { FunctionDocument, VersionDocument } from "./documents.ts";
import { latest } from "./documents.ts";
import { conflict, constraint, invalidParameter } from "./failures.ts";
import { newConfiguration } from "./function-configuration.ts";
import { resolveFunction, resolveVersion } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { page } from "./page.ts";
import { publish } from "./publish.ts";
import { checkRole } from "./role.ts";
import { qualifiedId, versionsOf } from "./store.ts";
import { checkFunction } from "./validation.ts";

export function functionOperations(lambda: LambdaContext): Operations {
  const { store } = lambda;
  return {
    CreateFunction: (input: CreateFunctionRequest, context: CallContext) =>
      create(lambda, input, context),

    GetFunction: async (input: GetFunctionRequest, context: CallContext) => {
      const version = resolveVersion(lambda, input, context);
      const { tags } = resolveFunction(lambda, version.functionName, context);
      return {
        Configuration: presented(version),
        Code: version.code.imageUri
          ? { RepositoryType: "ECR", ImageUri: version.code.imageUri }
          : { RepositoryType: "S3" },
        ...(Object.keys(tags).length > 0 ? { Tags: tags } : {}),
      };
    },

    GetFunctionConfiguration: async (
      input: GetFunctionConfigurationRequest,
      context: CallContext,
    ): Promise<FunctionConfiguration> => presented(resolveVersion(lambda, input, context)),

    ListFunctions: async (input: ListFunctionsRequest, context: CallContext) => {
      const versions = store.versions
        .list(context.region)
        .filter(({ qualifier }) => input.FunctionVersion === "ALL" || qualifier === latest);
      const { items, NextMarker } = page(versions, input);
      return { Functions: items.map(listed), NextMarker };
    },

    ListVersionsByFunction: async (input: ListVersionsByFunctionRequest, context: CallContext) => {
      const { name } = functionReference(input);
      resolveFunction(lambda, name, context);
      const { items, NextMarker } = page(versionsOf(store, context.region, name), input);
      return { Versions: items.map(listed), NextMarker };
    },
  };
}

async function create(
  lambda: LambdaContext,
  input: CreateFunctionRequest,
  context: CallContext,
): Promise<FunctionConfiguration> {
  const { store, target } = lambda;
  const { name } = functionReference({ FunctionName: input.FunctionName });
  checkCreate(input);
  await checkRole(target, input.Role, context);
  const code = await takeCode(target, input.Code ?? {}, context);
  const configuration = newConfiguration(lambda, { ...input, FunctionName: name }, code, context);
  const version = { functionName: name, qualifier: latest, configuration, code };
  const document: FunctionDocument = {
    name,
    arn: functionArn(context, name),
    lastVersion: 0,
    tags: input.Tags ?? {},
  };
  // In one step: a function that is there without the version that was asked for could not be asked for again.
  return store.transaction(() => {
    if (store.functions.get(context.region, name))
      throw conflict(`Function already exist: ${name}`);
    store.functions.put(context.region, name, document);
    store.versions.put(context.region, qualifiedId(name, latest), version);
    lambda.activation.settleLatest({
      region: context.region,
      functionName: name,
      qualifier: latest,
    });
    const published =
      input.Publish || input.PublishTo
        ? publish(lambda, { FunctionName: name, PublishTo: input.PublishTo }, context)
        : undefined;
    return presented(published ?? version);
  });
}

function checkCreate(input: CreateFunctionRequest): void {
  checkFunction(input);
  if (input.PublishTo && !input.CapacityProviderConfig) {
    // Observed text (badmintoncryer/cdk-preflight, meta.yaml).
    throw invalidParameter(
      "PublishToLatestPublished or FunctionScalingConfig cannot be specified unless creating a Lambda Managed Instance function",
    );
  }
  if ((input.PackageType ?? "Zip") === "Image") return;
  if (!input.Runtime || !input.Handler)
    throw invalidParameter(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  if (input.Handler.length > 128 || /\s/.test(input.Handler))
    throw constraint(
      "handler",
      input.Handler,
      "Member must satisfy regular expression pattern: [^\\s]+",
    );
}

/** A version as Get operations and answers show it. */
export function presented(version: VersionDocument): FunctionConfiguration {
  return version.configuration;
}

/** Lists leave out the state (Lambda API reference, ListFunctions). */
function listed({ configuration }: VersionDocument): FunctionConfiguration {
  const {
    State: _state,
    StateReason: _reason,
    StateReasonCode: _code,
    LastUpdateStatus: _status,
    LastUpdateStatusReason: _statusReason,
    LastUpdateStatusReasonCode: _statusCode,
    ...rest
  } = configuration;
  return rest;
}
