import type {
  CapacityProvider,
  CapacityProviderScalingConfig,
  CreateCapacityProviderRequest,
  CreateCapacityProviderResponse,
  DeleteCapacityProviderRequest,
  GetCapacityProviderRequest,
  ListCapacityProvidersRequest,
  ListCapacityProvidersResponse,
  ListFunctionVersionsByCapacityProviderRequest,
  ListFunctionVersionsByCapacityProviderResponse,
  UpdateCapacityProviderRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { capacityProviderArn, capacityProviderName, functionArn } from "./arns.ts";
import type { CapacityProviderLifecycle } from "./capacity-provider-lifecycle.ts";
import {
  checkCapacityProvider,
  checkLogging,
  checkPropagateTags,
  checkScaling,
} from "./capacity-provider-validation.ts";
import type { CapacityProviderDocument } from "./documents.ts";
import { conflict, notFound } from "./failures.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { timestamp } from "./lambda-context.ts";
import { defaultMaxVCpus, maxCapacityProviders } from "./limits.ts";
import { page } from "./page.ts";
import { defaultProviderLogGroup } from "./provider-log.ts";
import { versionsUsing } from "./provider-use.ts";
import type { LambdaStore } from "./store.ts";
import { ensureServiceLinkedRole } from "./role.ts";

export function capacityProviderOperations(
  lambda: LambdaContext,
  lifecycle: CapacityProviderLifecycle,
): Operations {
  const { store } = lambda;

  const find = (
    input: { readonly CapacityProviderName?: string | undefined },
    context: CallContext,
  ) => {
    const name = capacityProviderName(input.CapacityProviderName);
    const document = store.providers.get(context.region, name);
    if (!document)
      throw notFound(`Capacity provider not found: ${capacityProviderArn(context, name)}`);
    return document;
  };

  return {
    CreateCapacityProvider: (input: CreateCapacityProviderRequest, context) =>
      create(lambda, lifecycle, input, context),

    GetCapacityProvider: async (input: GetCapacityProviderRequest, context: CallContext) => ({
      CapacityProvider: find(input, context).provider,
    }),

    ListCapacityProviders: async (
      input: ListCapacityProvidersRequest,
      context: CallContext,
    ): Promise<ListCapacityProvidersResponse> => {
      const all = store.providers.list(context.region).map(({ provider }) => provider);
      const wanted = input.State ? all.filter(({ State }) => State === input.State) : all;
      const { items, NextMarker } = page(wanted, input);
      return { CapacityProviders: items, NextMarker };
    },

    UpdateCapacityProvider: async (input: UpdateCapacityProviderRequest, context: CallContext) => ({
      CapacityProvider: update(lambda, find(input, context), input, context),
    }),

    DeleteCapacityProvider: async (input: DeleteCapacityProviderRequest, context: CallContext) => {
      const document = find(input, context);
      refuseWhileUsed(lambda, document, context);
      const provider: CapacityProvider = { ...document.provider, State: "Deleting" };
      store.providers.put(context.region, document.name, { ...document, provider });
      lifecycle.delete(context.region, document.name);
      return { CapacityProvider: provider };
    },

    ListFunctionVersionsByCapacityProvider: async (
      input: ListFunctionVersionsByCapacityProviderRequest,
      context: CallContext,
    ): Promise<ListFunctionVersionsByCapacityProviderResponse> => {
      const document = find(input, context);
      const versions = versionsUsing(store, context.region, document.name).map((version) => ({
        FunctionArn: functionArn(context, version.functionName, version.qualifier),
        State: version.configuration.State,
      }));
      const { items, NextMarker } = page(versions, input);
      return {
        CapacityProviderArn: document.provider.CapacityProviderArn,
        FunctionVersions: items,
        NextMarker,
      };
    },
  };
}

function checkRoom({ providers }: LambdaStore, name: string, { region }: CallContext): void {
  if (providers.get(region, name)) throw conflict(`Capacity provider already exists: ${name}`);
  if (providers.list(region).length < maxCapacityProviders) return;
  throw new ServiceError(
    "CapacityProviderLimitExceededException",
    `The maximum number of capacity providers for your account has been exceeded: ${maxCapacityProviders}`,
  );
}

async function create(
  { target, store }: LambdaContext,
  lifecycle: CapacityProviderLifecycle,
  input: CreateCapacityProviderRequest,
  context: CallContext,
): Promise<CreateCapacityProviderResponse> {
  const name = capacityProviderName(input.CapacityProviderName);
  checkRoom(store, name, context);
  await checkCapacityProvider(target, input, context);
  await ensureServiceLinkedRole(target, context);
  // Again: another request may have been faster meanwhile.
  checkRoom(store, name, context);
  const { Architectures = ["x86_64"], ...instances } = input.InstanceRequirements ?? {};
  const { LogGroup, SystemLogLevel } = input.TelemetryConfig?.LoggingConfig ?? {};
  const provider: CapacityProvider = {
    CapacityProviderArn: capacityProviderArn(context, name),
    State: "Pending",
    VpcConfig: input.VpcConfig,
    PermissionsConfig: input.PermissionsConfig,
    InstanceRequirements: { Architectures, ...instances },
    CapacityProviderScalingConfig: {
      MaxVCpuCount: defaultMaxVCpus,
      ScalingMode: "Auto",
      ...input.CapacityProviderScalingConfig,
    },
    ...(input.KmsKeyArn ? { KmsKeyArn: input.KmsKeyArn } : {}),
    ...(input.PropagateTags ? { PropagateTags: input.PropagateTags } : {}),
    TelemetryConfig: {
      LoggingConfig: {
        LogGroup: LogGroup ?? defaultProviderLogGroup(name),
        SystemLogLevel: SystemLogLevel ?? "INFO",
      },
    },
    LastModified: timestamp(target.clock.now()),
  };
  store.providers.put(context.region, name, { name, provider, tags: input.Tags ?? {} });
  lifecycle.activate(context.region, name);
  return { CapacityProvider: provider };
}

/** Only scaling, tags to propagate and logging can change; the request has no other members. */
function update(
  { target, store }: LambdaContext,
  document: CapacityProviderDocument,
  input: UpdateCapacityProviderRequest,
  context: CallContext,
): CapacityProvider {
  const { provider: before } = document;
  if (before.State !== "Active") {
    throw conflict(
      `The capacity provider ${before.CapacityProviderArn} is in state ${before.State}; only an Active one can be updated.`,
    );
  }
  const scaling = changedScaling(before.CapacityProviderScalingConfig, input);
  checkPropagateTags(input.PropagateTags);
  checkLogging(input.TelemetryConfig?.LoggingConfig);
  const provider: CapacityProvider = {
    ...before,
    CapacityProviderScalingConfig: scaling,
    ...(input.PropagateTags ? { PropagateTags: input.PropagateTags } : {}),
    TelemetryConfig: {
      LoggingConfig: {
        ...before.TelemetryConfig?.LoggingConfig,
        ...input.TelemetryConfig?.LoggingConfig,
      },
    },
    LastModified: timestamp(target.clock.now()),
  };
  store.providers.put(context.region, document.name, { ...document, provider });
  return provider;
}

/** What the request leaves out stays, except policies of a mode that is left. */
function changedScaling(
  before: CapacityProviderScalingConfig = {},
  { CapacityProviderScalingConfig: wanted }: UpdateCapacityProviderRequest,
): CapacityProviderScalingConfig {
  const { ScalingPolicies, ...rest } = before;
  const { ScalingMode } = { ...before, ...wanted };
  const kept = ScalingMode === "Manual" && ScalingPolicies ? { ScalingPolicies } : {};
  const scaling = { ...rest, ...kept, ...wanted };
  checkScaling(scaling);
  return scaling;
}

function refuseWhileUsed(
  { store }: LambdaContext,
  { name }: CapacityProviderDocument,
  context: CallContext,
): void {
  const names = new Set(
    versionsUsing(store, context.region, name).map(({ functionName }) => functionName),
  );
  if (names.size === 0) return;
  const arns = [...names].map((each) => functionArn(context, each)).join(", ");
  // Observed text (serverless/serverless, managed-instances.md).
  throw conflict(
    `The capacity provider is currently in use by ${names.size} functions. To delete this capacity provider, first remove its association with ${arns}`,
  );
}
