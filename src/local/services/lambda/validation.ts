import type {
  CapacityProvider,
  CreateFunctionRequest,
  FunctionConfiguration,
  UpdateFunctionConfigurationRequest,
} from "@aws-sdk/client-lambda";
import { range } from "./constraints.ts";
import { constraint, invalidParameter } from "./failures.ts";
import {
  defaultMemoryRatio,
  managedInstanceRuntimes,
  maxConcurrency,
  maxConcurrencyPerVCpu,
  maxEnvironmentBytes,
  maxMemoryMb,
  memoryRatios,
  minMemoryMb,
} from "./limits.ts";

type FunctionInput = Partial<CreateFunctionRequest> & Partial<UpdateFunctionConfigurationRequest>;

/** vCPUs of an execution environment: memory by the ratio of GiB for each vCPU. */
export function environmentVCpus(configuration: FunctionConfiguration): number {
  const managed =
    configuration.CapacityProviderConfig?.LambdaManagedInstancesCapacityProviderConfig;
  const ratio = managed?.ExecutionEnvironmentMemoryGiBPerVCpu ?? defaultMemoryRatio;
  return (configuration.MemorySize ?? minMemoryMb) / 1024 / ratio;
}

/** Checks that hold for every function. */
export function checkFunction(input: FunctionInput): void {
  range("timeout", input.Timeout, 1, 5400);
  range("memorySize", input.MemorySize, 128, maxMemoryMb);
  range("ephemeralStorage.size", input.EphemeralStorage?.Size, 512, 10_240);
  checkVariables(input.Environment?.Variables ?? {});
  const { LogFormat, ApplicationLogLevel, SystemLogLevel } = input.LoggingConfig ?? {};
  if (LogFormat === "Text" && (ApplicationLogLevel || SystemLogLevel)) throw textLogLevel();
}

// Lambda developer guide, configuration-envvars: names that the platform sets.
const reservedVariables: ReadonlySet<string> = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_MAX_CONCURRENCY",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const names = Object.keys(variables);
  const reserved = names.filter((name) => reservedVariables.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const wrong = names.find((name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name));
  if (wrong !== undefined) {
    throw constraint(
      "environment.variables",
      wrong,
      "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    );
  }
  if (Buffer.byteLength(JSON.stringify(variables)) > maxEnvironmentBytes) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables).slice(0, 80)}…`,
    );
  }
}

/** Checks of a function on managed instances, on the configuration as it would be. */
export function checkManagedFunction(
  configuration: FunctionConfiguration,
  provider: CapacityProvider,
): void {
  const { Runtime, LoggingConfig, Architectures } = configuration;
  // Observed answer of CreateFunction (badmintoncryer/cdk-preflight, meta.yaml, 2026-09-07).
  if (Runtime && !managedInstanceRuntimes.includes(Runtime)) {
    throw invalidParameter(
      `Runtime Enum ${Runtime} does not support specified feature: Lambda Managed Instances`,
    );
  }
  if (LoggingConfig?.LogFormat === "Text") throw textLogLevel();
  const refused = refusedFeature(configuration);
  if (refused)
    throw invalidParameter(
      `${refused} isn't compatible with functions using capacity provider compute.`,
    );
  checkShape(configuration);
  const wanted = provider.InstanceRequirements?.Architectures?.[0] ?? "x86_64";
  const own = Architectures?.[0] ?? "x86_64";
  if (own !== wanted) {
    throw invalidParameter(
      `The function's architecture ${own} does not match the architecture ${wanted} of the capacity provider ${provider.CapacityProviderArn}.`,
    );
  }
}

/** Features that capacity provider compute does not have; the sentence is the service's for file systems. */
function refusedFeature(configuration: FunctionConfiguration): string | undefined {
  if ((configuration.FileSystemConfigs ?? []).length > 0) return "File system configuration";
  if ((configuration.VpcConfig?.SubnetIds ?? []).length > 0) return "VPC configuration";
  return configuration.SnapStart?.ApplyOn === "PublishedVersions" ? "SnapStart" : undefined;
}

function checkShape(configuration: FunctionConfiguration): void {
  const memory = configuration.MemorySize ?? minMemoryMb;
  const managed =
    configuration.CapacityProviderConfig?.LambdaManagedInstancesCapacityProviderConfig;
  const ratio = managed?.ExecutionEnvironmentMemoryGiBPerVCpu ?? defaultMemoryRatio;
  if (!memoryRatios.includes(ratio)) {
    throw invalidParameter(
      `ExecutionEnvironmentMemoryGiBPerVCpu must be one of ${memoryRatios.join(", ")}; it is ${ratio}.`,
    );
  }
  if (memory < minMemoryMb) {
    throw invalidParameter(
      `Functions on Lambda Managed Instances need at least ${minMemoryMb} MB of memory; MemorySize is ${memory}.`,
    );
  }
  // Observed text (ran-isenberg/aws-lambda-handler-cookbook, managed_instances.md).
  if (memory % (ratio * 1024) !== 0) {
    throw invalidParameter(
      memory < ratio * 1024 * 2
        ? `Memory ratio of ${(ratio * 1024).toFixed(1)}MB per CPU exceeds function's total memory`
        : `MemorySize ${memory} is not a multiple of ${ratio * 1024} MB, the memory of one vCPU.`,
    );
  }
  checkConcurrency(configuration, managed?.PerExecutionEnvironmentMaxConcurrency);
}

function checkConcurrency(
  configuration: FunctionConfiguration,
  concurrency: number | undefined,
): void {
  const limit = Math.min(maxConcurrency, maxConcurrencyPerVCpu * environmentVCpus(configuration));
  if (concurrency !== undefined && (concurrency < 1 || concurrency > limit)) {
    throw invalidParameter(
      `PerExecutionEnvironmentMaxConcurrency must be between 1 and ${limit} for this memory size; it is ${concurrency}.`,
    );
  }
}

// Observed answer of CreateFunction (badmintoncryer/cdk-preflight, meta.yaml).
const textLogLevel = () =>
  invalidParameter(
    'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or change the LogFormat to "JSON" and try again.',
  );
