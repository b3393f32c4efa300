import { entryKind } from "./entry-kind.ts";
import { environmentVCpus } from "./environments.ts";
import { deployedFunctionName } from "./names.ts";
import type { RuleIssue } from "./rule-issue.ts";
import { endOfSupport, nodeMajor, runtimeProblem } from "./runtimes.ts";
import type { FunctionSettings, Settings } from "./settings.ts";

/** Lambda API, CreateFunction: length of FunctionName without an ARN around it. */
const MAX_FUNCTION_NAME = 64;
/** Lambda developer guide, lambda-managed-instances-runtimes: concurrent requests for each vCPU at most. */
const MAX_CONCURRENCY_PER_VCPU = 64;
const MAX_CONCURRENCY = 1600;

type Finding = Omit<RuleIssue, "path" | "severity" | "involves"> & {
  readonly key: string;
  readonly severity?: "warning";
  readonly involves?: readonly string[];
};

export function functionRules(
  settings: Settings,
  name: string,
  own: FunctionSettings,
): RuleIssue[] {
  const findings: readonly (Finding | undefined)[] = [
    nameRule(settings, name),
    providerRule(settings, own),
    memoryRule(own),
    concurrencyRule(own),
    ...scalingRules(own),
    runtimeRule(own, settings.allowUnsupportedRuntime),
    supportRule(own),
    entryRule(own),
  ];
  return findings
    .filter((finding) => finding !== undefined)
    .map(({ key, involves = [], severity, ...rest }): RuleIssue => ({
      ...rest,
      severity: severity ?? "error",
      path: ["functions", name, ...(key === "" ? [] : key.split("/"))],
      involves: involves.map((other) => ["functions", name, other]),
    }));
}

function nameRule({ environment }: Settings, name: string): Finding | undefined {
  const deployed = deployedFunctionName(name, environment);
  if (deployed.length <= MAX_FUNCTION_NAME) return undefined;
  return {
    key: "",
    value: deployed,
    message: `must be at most ${MAX_FUNCTION_NAME} characters with the name of the environment`,
    code: "function-name-too-long",
  };
}

function providerRule(
  { capacityProviders }: Settings,
  { capacityProvider }: FunctionSettings,
): Finding | undefined {
  if (capacityProvider === undefined || Object.hasOwn(capacityProviders, capacityProvider))
    return undefined;
  const names = Object.keys(capacityProviders);
  return {
    key: "capacityProvider",
    value: capacityProvider,
    message: `is none of capacityProviders${names.length > 0 ? `: ${names.join(", ")}` : ", which is empty"}`,
    code: "capacity-provider-unknown",
  };
}

function memoryRule({ memory, memoryPerVCpu }: FunctionSettings): Finding | undefined {
  const step = memoryPerVCpu * 1024;
  if (memory % step === 0) return undefined;
  const nearest = Math.min(32_768, Math.max(step, Math.round(memory / step) * step));
  return {
    key: "memory",
    value: memory,
    message: `must be a multiple of ${step} MB at ${memoryPerVCpu} GiB per vCPU, from ${step} to 32768; nearest: ${nearest}`,
    code: "memory-ratio",
    involves: ["memoryPerVCpu"],
  };
}

function concurrencyRule(own: FunctionSettings): Finding | undefined {
  // Wrong memory has no vCPUs to count; it is told for itself.
  if (memoryRule(own) !== undefined) return undefined;
  const limit = Math.floor(
    Math.min(MAX_CONCURRENCY, MAX_CONCURRENCY_PER_VCPU * environmentVCpus(own)),
  );
  if (own.concurrency === undefined || own.concurrency <= limit) return undefined;
  return {
    key: "concurrency",
    value: own.concurrency,
    message: `must be at most ${limit}: ${MAX_CONCURRENCY_PER_VCPU} for each vCPU, and ${own.memory} MB are ${environmentVCpus(own)} vCPU`,
    code: "concurrency-per-vcpu",
    involves: ["memory", "memoryPerVCpu"],
  };
}

function scalingRules({
  minEnvironments: minimum,
  maxEnvironments: maximum,
}: FunctionSettings): Finding[] {
  const involves = ["minEnvironments", "maxEnvironments"];
  if (minimum === undefined && maximum === undefined) return [];
  if (minimum === undefined || maximum === undefined) {
    const [key, other] = minimum === undefined ? involves : involves.toReversed();
    return [
      {
        key: key ?? "",
        value: undefined,
        message: `is missing: it goes together with ${other}`,
        code: "scaling-incomplete",
        involves,
      },
    ];
  }
  if (minimum > maximum) {
    const message = `must not be more than maxEnvironments, ${maximum}`;
    return [{ key: "minEnvironments", value: minimum, message, code: "scaling-order", involves }];
  }
  if (minimum === 0 && maximum > 0) {
    const message =
      "can be 0 only together with maxEnvironments 0: Lambda does not scale to zero by itself";
    return [{ key: "minEnvironments", value: minimum, message, code: "scaling-zero", involves }];
  }
  if (maximum === 0) {
    const message = "stops the function: it answers nothing until both limits are raised";
    return [
      {
        key: "maxEnvironments",
        value: maximum,
        message,
        code: "scaling-stopped",
        involves,
        severity: "warning",
      },
    ];
  }
  return [];
}

function runtimeRule(
  { runtime }: FunctionSettings,
  allowUnsupported: boolean,
): Finding | undefined {
  const message = runtimeProblem(runtime);
  if (message === undefined) return undefined;
  if (allowUnsupported) {
    return {
      key: "runtime",
      value: runtime,
      message,
      code: "runtime-unsupported",
      severity: "warning",
    };
  }
  return {
    key: "runtime",
    value: runtime,
    message: `${message} (--allow-unsupported-runtime leaves it to AWS)`,
    code: "runtime-unsupported",
  };
}

function supportRule({ runtime }: FunctionSettings): Finding | undefined {
  const end = endOfSupport(runtime);
  if (end === undefined) return undefined;
  return {
    key: "runtime",
    value: runtime,
    message: `has its end of support on ${end}: no security updates from then on`,
    code: "runtime-deprecated",
    severity: "warning",
  };
}

function entryRule({ entry, runtime }: FunctionSettings): Finding | undefined {
  if (entryKind(entry) !== "source" || nodeMajor(runtime) !== undefined) return undefined;
  return {
    key: "entry",
    value: entry,
    message: `must be a ready-made folder or .zip for ${runtime}: only TypeScript and JavaScript are bundled`,
    code: "entry-runtime",
    involves: ["runtime"],
  };
}
