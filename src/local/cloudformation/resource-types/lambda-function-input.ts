import { ServiceError } from "../../service-error.ts";
import type { Properties } from "../resource-type.ts";
import { changed, dropped, number, object, pick, requiredText, text } from "./properties.ts";

/** Properties that UpdateFunctionConfiguration takes, and what they are when the template stops giving them. */
const configuration: Readonly<Record<string, unknown>> = {
  DeadLetterConfig: { TargetArn: "" },
  Description: "",
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  FileSystemConfigs: [],
  Handler: undefined,
  ImageConfig: {},
  KmsKeyArn: "",
  Layers: [],
  MemorySize: undefined,
  Role: undefined,
  Runtime: undefined,
  SnapStart: { ApplyOn: "None" },
  Timeout: 3,
  TracingConfig: { Mode: "PassThrough" },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
  CapacityProviderConfig: undefined,
};

/** Names that the API spells otherwise than CloudFormation. */
const apiNames: Readonly<Record<string, string>> = { KmsKeyArn: "KMSKeyArn" };
const numbers = new Set(["MemorySize", "Timeout"]);

export const configurationNames: readonly string[] = [
  ...Object.keys(configuration),
  "LoggingConfig",
];

function apiValue(name: string, properties: Properties): unknown {
  if (numbers.has(name)) return number(properties, name);
  if (name === "EphemeralStorage") return { Size: number(object(properties, name), "Size") };
  if (name === "CapacityProviderConfig") return capacityProviderConfig(object(properties, name));
  if (name === "Environment") {
    const variables = Object.entries(object(object(properties, name), "Variables"));
    return { Variables: Object.fromEntries(variables.map(([key, value]) => [key, String(value)])) };
  }
  return properties[name];
}

/** Parameters of a template are text, also where the API wants numbers. */
function capacityProviderConfig(properties: Properties): object {
  const name = "LambdaManagedInstancesCapacityProviderConfig";
  const config = object(properties, name);
  const concurrency = number(config, "PerExecutionEnvironmentMaxConcurrency");
  const ratio = number(config, "ExecutionEnvironmentMemoryGiBPerVCpu");
  return {
    [name]: {
      ...config,
      ...(concurrency === undefined ? {} : { PerExecutionEnvironmentMaxConcurrency: concurrency }),
      ...(ratio === undefined ? {} : { ExecutionEnvironmentMemoryGiBPerVCpu: ratio }),
    },
  };
}

/** The configuration as CreateFunction and UpdateFunctionConfiguration take it. */
export function configurationInput(properties: Properties): Record<string, unknown> {
  const given = configurationNames.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => [apiNames[name] ?? name, apiValue(name, properties)]),
  );
}

/** Logging in full: a request that leaves a member out keeps it (Lambda API reference, LoggingConfig). */
function loggingChanges(FunctionName: string, properties: Properties, previous: Properties) {
  if (!changed(properties, previous, ["LoggingConfig"])) return {};
  const given = object(properties, "LoggingConfig");
  const otherwise = properties["CapacityProviderConfig"] === undefined ? "Text" : "JSON";
  const LogFormat = text(given, "LogFormat") ?? otherwise;
  return {
    LoggingConfig: {
      LogFormat,
      LogGroup: `/aws/lambda/${FunctionName}`,
      ...(LogFormat === "JSON" ? { ApplicationLogLevel: "INFO", SystemLogLevel: "INFO" } : {}),
      ...given,
    },
  };
}

/** As configurationInput, and defaults for what the template no longer gives. */
export function configurationChanges(
  FunctionName: string,
  properties: Properties,
  previous: Properties,
): Record<string, unknown> {
  if (
    previous["CapacityProviderConfig"] !== undefined &&
    properties["CapacityProviderConfig"] === undefined
  ) {
    throw new ServiceError(
      "InvalidRequest",
      "CapacityProviderConfig cannot be removed from a function. Make a new function with another name instead.",
    );
  }
  const reset = Object.fromEntries(
    Object.entries(dropped(properties, previous, configuration))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [apiNames[name] ?? name, value]),
  );
  const memory = previous["MemorySize"] !== undefined && properties["MemorySize"] === undefined;
  return {
    ...reset,
    // What a function gets that gives no memory: 2048 MB on Managed Instances, 128 MB elsewhere.
    ...(memory
      ? { MemorySize: properties["CapacityProviderConfig"] === undefined ? 128 : 2048 }
      : {}),
    ...configurationInput(properties),
    ...loggingChanges(FunctionName, properties, previous),
  };
}

export async function codeInput(properties: Properties): Promise<Record<string, unknown>> {
  const code = object(properties, "Code");
  const inline = text(code, "ZipFile");
  if (inline === undefined)
    return pick(code, ["S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri", "SourceKMSKeyArn"]);
  return { ZipFile: await zipInline(inline, text(properties, "Runtime") ?? "") };
}

/** Inline source is text; CloudFormation puts it into an archive as `index` (template reference, AWS::Lambda::Function Code). */
async function zipInline(source: string, runtime: string): Promise<Uint8Array> {
  const extension = runtime.startsWith("nodejs")
    ? "js"
    : runtime.startsWith("python")
      ? "py"
      : undefined;
  if (extension === undefined) {
    throw new ServiceError(
      "InvalidRequest",
      `ZipFile can only be used with Node.js and Python runtimes, not ${runtime}.`,
    );
  }
  const { strToU8, zipSync } = await import("fflate");
  // A fixed time: the same source makes the same archive. 1980 is the first year that ZIP knows.
  return zipSync({ [`index.${extension}`]: strToU8(source) }, { mtime: new Date(1980, 0, 2) });
}

/** FunctionScalingConfig in numbers; undefined where the template has none. */
export function scalingInput(properties: Properties): Record<string, number> | undefined {
  if (properties["FunctionScalingConfig"] === undefined) return undefined;
  const scaling = object(properties, "FunctionScalingConfig");
  const entries = ["MinExecutionEnvironments", "MaxExecutionEnvironments"].map(
    (name) => [name, number(scaling, name)] as const,
  );
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, number] => entry[1] !== undefined),
  );
}

export function onManagedInstances(properties: Properties): boolean {
  return (
    requiredText(
      object(
        object(properties, "CapacityProviderConfig"),
        "LambdaManagedInstancesCapacityProviderConfig",
      ),
      "CapacityProviderArn",
    ) !== ""
  );
}
