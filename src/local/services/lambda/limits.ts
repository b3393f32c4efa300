/** Runtimes that Lambda Managed Instances run (Lambda developer guide, lambda-managed-instances-runtimes). */
export const managedInstanceRuntimes: readonly string[] = [
  "nodejs22.x",
  "nodejs24.x",
  "python3.13",
  "python3.14",
  "java21",
  "java25",
  "dotnet8",
  "dotnet10",
  "provided.al2023",
];

/** Requests for each vCPU of an environment (Lambda developer guide, lambda-managed-instances-runtimes). */
const concurrencyPerVCpu: readonly (readonly [RegExp, number])[] = [
  [/^nodejs/, 64],
  [/^java/, 32],
  [/^dotnet/, 32],
  [/^python/, 16],
  [/^provided/, 8],
];

export function defaultConcurrency(runtime: string | undefined, vCpus: number): number {
  const perVCpu = concurrencyPerVCpu.find(([pattern]) => pattern.test(runtime ?? ""))?.[1] ?? 8;
  return Math.min(maxConcurrency, Math.floor(perVCpu * vCpus));
}

/** botocore service model: PerExecutionEnvironmentMaxConcurrency, and 64 for each vCPU. */
export const maxConcurrency = 1600;
export const maxConcurrencyPerVCpu = 64;
/** Lambda developer guide, lambda-managed-instances-configuration: 2 GB to 32 GB. */
export const minMemoryMb = 2048;
export const maxMemoryMb = 32_768;
/** GiB of memory for each vCPU (botocore service model: 2.0 to 8.0; Lambda developer guide: 2, 4 or 8). */
export const memoryRatios: readonly number[] = [2, 4, 8];
export const defaultMemoryRatio = 2;
/** Lambda developer guide, lambda-managed-instances-quotas. */
export const maxVersionsPerProvider = 100;
export const maxCapacityProviders = 1000;
/** vCPUs of a capacity provider unless its MaxVCpuCount says otherwise (…-capacity-providers). */
export const defaultMaxVCpus = 400;
/** Environments of a version unless its scaling configuration says otherwise (…-execution-environment). */
export const defaultMinEnvironments = 3;
/** botocore service model: FunctionScalingConfigExecutionEnvironments. */
export const maxEnvironments = 15_000;
/** Lambda developer guide, gettingstarted-limits: 6 MB synchronous, 1 MB asynchronous, 6 MB plus room for streaming. */
export const maxSyncPayload = 6_291_456;
/** What is waited for synchronously; timeouts beyond count for asynchronous invokes only (AWS what's new, 2026-09). */
export const maxSyncTimeoutMs = 900_000;
export const maxAsyncPayload = 1_048_576;
/** Lambda developer guide, gettingstarted-limits. */
export const maxZippedBytes = 52_428_800;
export const maxUnzippedBytes = 262_144_000;
export const maxEnvironmentBytes = 4096;
