import type { ConfigurationChange, LiveProperties } from "../aws/ports.ts";
import { isRecord } from "../is-record.ts";
import { environmentVCpus } from "../synth/environments.ts";
import { concurrencyPerVCpu } from "../synth/runtimes.ts";

/** botocore service model lambda, PerExecutionEnvironmentMaxConcurrency. */
const mostConcurrency = 1600;

/**
 * What has to go along with another memory size or runtime: the requests that an environment takes at once. Where the
 * project does not say how many, Lambda has filled in so many for each vCPU when the function was made, and keeps them:
 * with less memory they are too many, which it refuses, and with more they are too few.
 * @param wanted properties in the template that is to be
 * @param live what Lambda tells of the function
 * @param change what is changed besides
 */
export function usualConcurrency(
  wanted: Readonly<Record<string, unknown>>,
  live: LiveProperties,
  change: ConfigurationChange,
): ConfigurationChange {
  if (!("MemorySize" in change) && !("Runtime" in change)) return {};
  const now = managed(live);
  const { CapacityProviderArn: arn, ExecutionEnvironmentMemoryGiBPerVCpu: ratio } = now;
  if (typeof arn !== "string" || typeof ratio !== "number") return {};
  if (managed(wanted)[concurrencyName] !== undefined) return {};
  const memory = change["MemorySize"] ?? live["MemorySize"];
  const runtime = change["Runtime"] ?? live["Runtime"];
  if (typeof memory !== "number" || typeof runtime !== "string") return {};
  const vCpus = environmentVCpus({ memory, memoryPerVCpu: ratio });
  const usual = Math.min(mostConcurrency, Math.floor(concurrencyPerVCpu(runtime) * vCpus));
  if (now[concurrencyName] === usual) return {};
  return { CapacityProviderConfig: { [managedName]: { ...now, [concurrencyName]: usual } } };
}

const managedName = "LambdaManagedInstancesCapacityProviderConfig";
const concurrencyName = "PerExecutionEnvironmentMaxConcurrency";

function managed(of: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const config = of["CapacityProviderConfig"];
  const found = isRecord(config) ? config[managedName] : undefined;
  return isRecord(found) ? found : {};
}
