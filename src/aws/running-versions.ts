import type {
  FunctionScalingConfig,
  GetFunctionConfigurationCommandOutput,
} from "@aws-sdk/client-lambda";

import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type {
  RunningVersions,
  ScalingLimits,
  VersionConfiguration,
  ScalingState,
} from "./ports.ts";

export function createRunningVersions(
  { target }: Connection,
  lambda: LambdaConnection,
): RunningVersions {
  return {
    scaling: (name, version) => explained(target, () => scaling(name, version, lambda)),
    configuration: (name, version) => explained(target, () => configuration(name, version, lambda)),
  };
}

async function scaling(
  name: string,
  version: string,
  lambda: LambdaConnection,
): Promise<ScalingState | undefined> {
  const { sdk, client } = await lambda();
  const command = new sdk.GetFunctionScalingConfigCommand({
    FunctionName: name,
    Qualifier: version,
  });
  const answer = await client.send(command).catch(missing(sdk));
  return (
    answer && {
      requested: toLimits(answer.RequestedFunctionScalingConfig),
      applied: toLimits(answer.AppliedFunctionScalingConfig),
    }
  );
}

function toLimits(config: FunctionScalingConfig | undefined): ScalingLimits {
  return { min: config?.MinExecutionEnvironments, max: config?.MaxExecutionEnvironments };
}

async function configuration(
  name: string,
  version: string | undefined,
  lambda: LambdaConnection,
): Promise<VersionConfiguration | undefined> {
  const { sdk, client } = await lambda();
  const command = new sdk.GetFunctionConfigurationCommand({
    FunctionName: name,
    ...(version === undefined ? {} : { Qualifier: version }),
  });
  const answer = await client.send(command).catch(missing(sdk));
  return answer && toConfiguration(answer);
}

function toConfiguration(answer: GetFunctionConfigurationCommandOutput): VersionConfiguration {
  const managed = answer.CapacityProviderConfig?.LambdaManagedInstancesCapacityProviderConfig;
  return {
    runtime: answer.Runtime,
    architecture: answer.Architectures?.[0],
    handler: answer.Handler,
    memory: answer.MemorySize,
    memoryPerVCpu: managed?.ExecutionEnvironmentMemoryGiBPerVCpu,
    concurrency: managed?.PerExecutionEnvironmentMaxConcurrency,
    timeout: answer.Timeout,
    ephemeralStorage: answer.EphemeralStorage?.Size,
    logLevel: answer.LoggingConfig?.ApplicationLogLevel,
    systemLogLevel: answer.LoggingConfig?.SystemLogLevel,
    tracing: answer.TracingConfig?.Mode === "Active",
    codeSha256: answer.CodeSha256,
    lastModified: answer.LastModified,
  };
}

type Sdk = Awaited<ReturnType<LambdaConnection>>["sdk"];

function missing(sdk: Sdk): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof sdk.ResourceNotFoundException) return undefined;
    throw error;
  };
}
