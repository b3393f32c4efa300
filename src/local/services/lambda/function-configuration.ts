import { randomUUID } from "node:crypto";
import type {
  CapacityProviderConfig,
  CreateFunctionRequest,
  FunctionConfiguration,
  LoggingConfig,
  SnapStart,
  SnapStartResponse,
  UpdateFunctionConfigurationRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { capacityProviderArn, capacityProviderName, functionArn } from "./arns.ts";
import type { CodeDocument } from "./documents.ts";
import { latest } from "./documents.ts";
import { constraint, invalidParameter, notFound } from "./failures.ts";
import type { LambdaContext } from "./lambda-context.ts";
import { timestamp } from "./lambda-context.ts";
import { defaultConcurrency, defaultMemoryRatio, minMemoryMb } from "./limits.ts";
import { checkManagedFunction, environmentVCpus } from "./validation.ts";

/** `$LATEST` of a new function: the request with Lambda's defaults. */
export function newConfiguration(
  lambda: LambdaContext,
  input: CreateFunctionRequest & { readonly FunctionName: string },
  code: CodeDocument,
  context: CallContext,
): FunctionConfiguration {
  return complete(lambda, context, {
    FunctionName: input.FunctionName,
    FunctionArn: functionArn(context, input.FunctionName),
    Version: latest,
    ...codeMembers(code),
    ...withDefaults(input),
    ...pick(input, [
      "Runtime",
      "Role",
      "Handler",
      "DeadLetterConfig",
      "Environment",
      "KMSKeyArn",
      "FileSystemConfigs",
      "CapacityProviderConfig",
      "DurableConfig",
    ]),
    ...(input.VpcConfig ? { VpcConfig: { ...input.VpcConfig, VpcId: "" } } : {}),
    ...(input.Layers ? { Layers: layersOf(lambda, context, input.Layers) } : {}),
    ...(input.ImageConfig ? { ImageConfigResponse: { ImageConfig: input.ImageConfig } } : {}),
    State: "Pending",
    StateReason: "The function is being created.",
    StateReasonCode: "Creating",
  });
}

function withDefaults(
  input: CreateFunctionRequest & { readonly FunctionName: string },
): FunctionConfiguration {
  const managed = input.CapacityProviderConfig !== undefined;
  const { Description = "", Timeout = 3, MemorySize = managed ? minMemoryMb : 128 } = input;
  const { PackageType = "Zip", Architectures = ["x86_64"] } = input;
  return {
    Description,
    Timeout,
    MemorySize,
    PackageType,
    Architectures,
    TracingConfig: { Mode: input.TracingConfig?.Mode ?? "PassThrough" },
    EphemeralStorage: { Size: input.EphemeralStorage?.Size ?? 512 },
    LoggingConfig: loggingOf(input.FunctionName, managed, input.LoggingConfig),
    ...snapStartOf(managed, input.SnapStart ?? { ApplyOn: "None" }),
  };
}

/** Managed instances have no SnapStart: the member is missing there, unless it is asked for, which is refused. */
function snapStartOf(
  managed: boolean,
  asked: SnapStart | undefined,
): { readonly SnapStart?: SnapStartResponse } {
  if (!asked || (managed && asked.ApplyOn !== "PublishedVersions")) return {};
  return { SnapStart: { ApplyOn: asked.ApplyOn ?? "None", OptimizationStatus: "Off" } };
}

/** `$LATEST` after UpdateFunctionConfiguration: only what the request names changes. */
export function changedConfiguration(
  lambda: LambdaContext,
  before: FunctionConfiguration,
  input: UpdateFunctionConfigurationRequest,
  context: CallContext,
): FunctionConfiguration {
  const managed = before.CapacityProviderConfig !== undefined;
  if (!managed && input.CapacityProviderConfig) {
    // Observed text (localstack/localstack, lambda provider, PR #13447).
    throw invalidParameter("CapacityProviderConfig isn't supported for Lambda Default functions.");
  }
  const { FunctionName = "" } = before;
  const plain = pick(input, [
    "Role",
    "Handler",
    "Description",
    "Timeout",
    "MemorySize",
    "Runtime",
    "Environment",
    "KMSKeyArn",
    "DeadLetterConfig",
    "FileSystemConfigs",
    "EphemeralStorage",
    "CapacityProviderConfig",
    "DurableConfig",
  ]);
  return complete(lambda, context, {
    ...before,
    ...plain,
    ...(input.TracingConfig?.Mode ? { TracingConfig: { Mode: input.TracingConfig.Mode } } : {}),
    ...(input.Layers ? { Layers: layersOf(lambda, context, input.Layers) } : {}),
    ...(input.VpcConfig ? { VpcConfig: { ...input.VpcConfig, VpcId: "" } } : {}),
    ...snapStartOf(managed, input.SnapStart),
    ...(input.LoggingConfig
      ? {
          LoggingConfig: loggingOf(FunctionName, managed, {
            ...before.LoggingConfig,
            ...input.LoggingConfig,
          }),
        }
      : {}),
    LastUpdateStatus: "Successful",
  });
}

/** What the code says of itself in a configuration. */
export function codeMembers(
  code: CodeDocument,
): Pick<FunctionConfiguration, "CodeSize" | "CodeSha256"> {
  return { CodeSize: code.size, CodeSha256: code.sha256 };
}

/** Fills in what follows from the rest, and checks the whole. */
function complete(
  lambda: LambdaContext,
  context: CallContext,
  configuration: FunctionConfiguration,
): FunctionConfiguration {
  const stamped = {
    ...configuration,
    LastModified: timestamp(lambda.target.clock.now()),
    RevisionId: randomUUID(),
  };
  const { CapacityProviderConfig: own } = configuration;
  if (!own) return stamped;
  const managed = own.LambdaManagedInstancesCapacityProviderConfig;
  if (!managed) {
    // Observed text (localstack/localstack, lambda provider).
    throw constraint(
      "capacityProviderConfig.lambdaManagedInstancesCapacityProviderConfig",
      null,
      "Member must not be null",
    );
  }
  const name = capacityProviderName(managed.CapacityProviderArn);
  const provider = lambda.store.providers.get(context.region, name)?.provider;
  if (!provider)
    throw notFound(`Capacity provider not found: ${capacityProviderArn(context, name)}`);
  if (provider.State !== "Active") {
    throw invalidParameter(
      `The capacity provider ${provider.CapacityProviderArn} is in state ${provider.State}; it must be Active.`,
    );
  }
  checkManagedFunction(stamped, provider);
  const CapacityProviderConfig: CapacityProviderConfig = {
    LambdaManagedInstancesCapacityProviderConfig: {
      ExecutionEnvironmentMemoryGiBPerVCpu: defaultMemoryRatio,
      PerExecutionEnvironmentMaxConcurrency: defaultConcurrency(
        configuration.Runtime,
        environmentVCpus(stamped),
      ),
      ...managed,
      CapacityProviderArn: provider.CapacityProviderArn,
    },
  };
  return { ...stamped, CapacityProviderConfig };
}

function loggingOf(
  functionName: string,
  managed: boolean,
  input: LoggingConfig | undefined,
): LoggingConfig {
  const LogGroup = input?.LogGroup ?? `/aws/lambda/${functionName}`;
  const LogFormat = input?.LogFormat ?? (managed ? "JSON" : "Text");
  if (LogFormat === "Text") return { LogFormat, LogGroup };
  return {
    LogFormat,
    ApplicationLogLevel: input?.ApplicationLogLevel ?? "INFO",
    SystemLogLevel: input?.SystemLogLevel ?? "INFO",
    LogGroup,
  };
}

function layersOf(lambda: LambdaContext, context: CallContext, arns: readonly string[]) {
  if (arns.length > 5) throw invalidParameter("Cannot reference more than 5 layers.");
  return arns.map((Arn) => {
    const layer = lambda.store.layers.get(context.region, Arn);
    if (!layer) throw invalidParameter(`Layer version ${Arn} does not exist.`);
    return { Arn, CodeSize: Number(layer["codeSize"] ?? 0) };
  });
}

function pick<Source extends object, Key extends keyof Source>(
  source: Source,
  keys: readonly Key[],
): Partial<Pick<Source, Key>> {
  const picked: Partial<Pick<Source, Key>> = {};
  for (const key of keys) if (source[key] !== undefined) picked[key] = source[key];
  return picked;
}
