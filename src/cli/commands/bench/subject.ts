import type { Aws, LiveProperties } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";
import { isRecord } from "../../../is-record.ts";
import { DEFAULT_MIN_ENVIRONMENTS, environmentVCpus } from "../../../synth/environments.ts";
import { concurrencyPerVCpu } from "../../../synth/runtimes.ts";

/** The function as it is deployed. */
export interface Subject {
  readonly functionName: string;
  readonly providerName: string;
  readonly memory: number;
  readonly memoryPerVCpu: 2 | 4 | 8;
  readonly concurrency: number;
  readonly minEnvironments: number;
  readonly maxEnvironments: number | undefined;
  /** Seconds. */
  readonly timeout: number;
}

/** Asks Lambda; fails where there is none, or where it does not run on Managed Instances. */
export async function subjectOf(functionName: string, aws: Aws): Promise<Subject> {
  const found = await aws.functions.properties(functionName);
  if (found === undefined) throw notThere(functionName, aws);
  const managed = recordIn(
    recordIn(found, "CapacityProviderConfig"),
    "LambdaManagedInstancesCapacityProviderConfig",
  );
  const arn = managed["CapacityProviderArn"];
  if (typeof arn !== "string") throw notManaged(functionName);
  const memory = numberIn(found, "MemorySize") ?? 2048;
  const memoryPerVCpu = ratioOf(managed);
  const scaling = recordIn(found, "FunctionScalingConfig");
  const runtime = typeof found["Runtime"] === "string" ? found["Runtime"] : "";
  return {
    functionName,
    providerName: arn.slice(arn.lastIndexOf(":") + 1),
    memory,
    memoryPerVCpu,
    concurrency:
      numberIn(managed, "PerExecutionEnvironmentMaxConcurrency") ??
      concurrencyPerVCpu(runtime) * environmentVCpus({ memory, memoryPerVCpu }),
    minEnvironments: numberIn(scaling, "MinExecutionEnvironments") ?? DEFAULT_MIN_ENVIRONMENTS,
    maxEnvironments: numberIn(scaling, "MaxExecutionEnvironments"),
    timeout: numberIn(found, "Timeout") ?? 3,
  };
}

function recordIn(from: LiveProperties, name: string): LiveProperties {
  const value = from[name];
  return isRecord(value) ? value : {};
}

function numberIn(from: LiveProperties, name: string): number | undefined {
  const value = from[name];
  return typeof value === "number" ? value : undefined;
}

function ratioOf(managed: LiveProperties): 2 | 4 | 8 {
  const ratio = managed["ExecutionEnvironmentMemoryGiBPerVCpu"];
  return ratio === 4 || ratio === 8 ? ratio : 2;
}

function notThere(functionName: string, { target }: Aws): LmiError {
  const place = `region ${target.region}${target.local ? " of the local target" : ""}`;
  return new LmiError(
    "LMI_FUNCTION_NOT_FOUND",
    `There is no function ${functionName} in ${place}.`,
    {
      why: "Load needs something that is deployed.",
      next: `Deploy it: lmi deploy${target.local ? " --local" : ""}`,
    },
  );
}

function notManaged(functionName: string): LmiError {
  return new LmiError(
    "LMI_FUNCTION_NOT_MANAGED",
    `${functionName} does not run on Managed Instances.`,
    {
      why: "It has no capacity provider: each of its environments takes one request at a time, and there is no knee to find.",
      next: "Name a function of a capacity provider: lmi list",
    },
  );
}
