import type {
  Aws,
  CapacityProviderState,
  LiveProperties,
  ScalingLimits,
  VersionConfiguration,
} from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { lambdaDrift } from "../../../deploy/lambda-drift.ts";
import { withoutSecrets } from "../../../deploy/secret-values.ts";
import { deployedResources } from "../../../deploy/template-resources.ts";
import { LmiError } from "../../../errors.ts";
import { isRecord } from "../../../is-record.ts";
import { deployedFunctionName, providerConstructId } from "../../../synth/names.ts";
import { providersOf } from "../../../synth/providers.ts";
import type { CapacitySettings, Settings } from "../../../synth/settings.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Outputs } from "../deploy/outputs.ts";

export interface SettingsView {
  /** What AWS has, setting by setting. */
  readonly effective: readonly EffectiveSetting[];
  /** What was changed beside the stack since it was deployed. */
  readonly drift: readonly SettingDrift[];
  /** Why the project's own settings are not compared: they cannot be read. */
  readonly problem: string | undefined;
}

export interface EffectiveSetting {
  /** `functions.hello.memory`, as in lmi.json. */
  readonly path: string;
  /** As read back from AWS. */
  readonly value: unknown;
  /** What the project says now; undefined: nothing, or the project cannot be read. */
  readonly setting: unknown;
  /** Where the value in force came from: `--memory`, `lmi.json`, `default`, `AWS`, `an earlier deploy`, `changed since the deploy`. */
  readonly origin: string;
  /** The project says something else. */
  readonly differs: boolean;
}

export interface SettingDrift {
  readonly logicalId: string;
  /** Name of the function or capacity provider. */
  readonly physicalId: string | undefined;
  /** A property of the resource: `/CapacityProviderScalingConfig/MaxVCpuCount`. */
  readonly path: string;
  readonly deployed: string | undefined;
  readonly now: string | undefined;
}

export interface SettingsRequest {
  readonly outputs: Outputs;
  readonly stackName: string;
  readonly template: string | undefined;
  readonly environmentName: string | undefined;
  readonly load: () => Promise<LoadedSettings>;
}

/** The settings in force, as AWS tells them, against those of the project and those that were deployed. */
export async function readSettingsView(
  { outputs, stackName, template, environmentName, load }: SettingsRequest,
  context: DeployContext,
): Promise<SettingsView> {
  const [loaded, deployed] = await Promise.all([
    settled(load),
    readDeployed(stackName, template, context),
  ]);
  const { drift } = deployed;
  if ("problem" in loaded) return { effective: [], drift, problem: loaded.problem };
  const { settings } = loaded;
  const found = await Promise.all([
    ...providersOf(settings).map(({ name }) => providerRows(name, settings, outputs, context.aws)),
    ...Object.keys(settings.functions).map((key) =>
      functionRows(key, deployedFunctionName(key, environmentName), settings, context.aws),
    ),
  ]);
  const effective = found.flat().map((row) => withOrigin(row, loaded, deployed));
  return { effective, drift, problem: undefined };
}

async function settled(
  load: () => Promise<LoadedSettings>,
): Promise<LoadedSettings | { readonly problem: string }> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof LmiError) return { problem: error.message };
    throw error;
  }
}

/** What was deployed, and what became of it. */
interface Deployed {
  readonly drift: readonly SettingDrift[];
  /** Properties in the template, by the name of the resource. */
  readonly declared: ReadonlyMap<string, LiveProperties>;
}

async function readDeployed(
  stackName: string,
  template: string | undefined,
  context: DeployContext,
): Promise<Deployed> {
  const declared = deployedResources(template);
  const resources = await context.aws.stacks.resources(stackName);
  const found = await lambdaDrift(declared, resources, context);
  const drift = found.map(withoutSecrets).flatMap(({ logicalId, physicalId, differences }) =>
    differences.map(({ path, expected, actual }) => ({
      logicalId,
      physicalId,
      path,
      deployed: expected,
      now: actual,
    })),
  );
  return {
    drift,
    declared: new Map(
      resources.map(({ logicalId, physicalId = "" }) => [
        physicalId,
        declared[logicalId]?.Properties ?? {},
      ]),
    ),
  };
}

interface Row {
  readonly path: string;
  readonly value: unknown;
  readonly setting: unknown;
  /** The resource that has it, by name, and where. */
  readonly physicalId: string;
  readonly property: string;
}

function withOrigin(
  { path, value, setting, physicalId, property }: Row,
  { origins }: LoadedSettings,
  { drift, declared }: Deployed,
): EffectiveSetting {
  const base = { path, value, setting };
  const isChanged = drift.some(
    (each) => each.physicalId === physicalId && touches(each.path, property),
  );
  if (isChanged)
    return { ...base, origin: "changed since the deploy", differs: differ(value, setting) };
  if (setting === undefined) {
    const isDeployed = valueAt(declared.get(physicalId), property) !== undefined;
    return isDeployed
      ? { ...base, origin: "an earlier deploy", differs: true }
      : { ...base, origin: "AWS", differs: false };
  }
  if (differ(value, setting)) return { ...base, origin: "an earlier deploy", differs: true };
  return { ...base, origin: originOf(path, origins), differs: false };
}

/** `/LoggingConfig/ApplicationLogLevel`. */
function valueAt(properties: LiveProperties | undefined, path: string): unknown {
  let value: unknown = properties;
  for (const name of path.split("/").slice(1)) value = isRecord(value) ? value[name] : undefined;
  return value;
}

/** A list or a record has its origins leaf by leaf. */
function originOf(path: string, origins: LoadedSettings["origins"]): string {
  const own =
    origins[path] ?? Object.entries(origins).find(([leaf]) => leaf.startsWith(`${path}.`))?.[1];
  return own ?? "default";
}

function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** Of a capacity provider, which CloudFormation and Lambda know it by. */
const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(":") + 1);

/** What the project leaves open, AWS decides. */
function differ(value: unknown, setting: unknown): boolean {
  return setting !== undefined && JSON.stringify(sorted(value)) !== JSON.stringify(sorted(setting));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).toSorted();
  if (!isRecord(value)) return value;
  const pairs = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    pairs
      .map(([key, each]) => [key, sorted(each)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

async function providerRows(
  name: string | undefined,
  settings: Settings,
  outputs: Outputs,
  { capacityProviders }: Aws,
): Promise<Row[]> {
  const id = providerConstructId(name);
  const arn = outputs[`CapacityProviderArn${id}`] ?? outputs["CapacityProviderArn"];
  if (arn === undefined) return [];
  const live = await capacityProviders.properties(arn);
  const start = name === undefined ? "capacity" : `capacityProviders.${name}`;
  const own = name === undefined ? settings.capacity : settings.capacityProviders[name];
  if (live === undefined || own === undefined) return [];
  return capacityRows(start, nameOf(arn), providerSettings(live), own);
}

function capacityRows(
  start: string,
  physicalId: string,
  live: ReturnType<typeof providerSettings>,
  { maxVCpu, scaling, architecture, instanceTypes }: LooseCapacity,
): Row[] {
  const row = (key: keyof LooseCapacity, setting: unknown, property: string): Row => ({
    path: `${start}.${key}`,
    value: live[key],
    setting,
    physicalId,
    property,
  });
  const config = "/CapacityProviderScalingConfig";
  return [
    row("maxVCpu", maxVCpu, `${config}/MaxVCpuCount`),
    row("scaling", scaling ?? "Auto", `${config}/ScalingMode`),
    row("architecture", architecture, "/InstanceRequirements/Architectures"),
    row("instanceTypes", instanceTypes ?? "any", "/InstanceRequirements"),
  ];
}

type LooseCapacity = Pick<
  CapacitySettings,
  "maxVCpu" | "scaling" | "architecture" | "instanceTypes"
>;

/** What GetCapacityProvider says, in the settings' words. */
export function providerSettings(live: LiveProperties): {
  readonly maxVCpu: unknown;
  readonly mode: string;
  readonly targetCpu: number | undefined;
  readonly scaling: unknown;
  readonly architecture: CapacityProviderState["architecture"];
  readonly instanceTypes: unknown;
} {
  const scaling = record(live["CapacityProviderScalingConfig"]);
  const instances = record(live["InstanceRequirements"]);
  const mode = typeof scaling["ScalingMode"] === "string" ? scaling["ScalingMode"] : "Auto";
  const target = record(list(scaling["ScalingPolicies"])[0])["TargetValue"];
  const allow = list(instances["AllowedInstanceTypes"]);
  const exclude = list(instances["ExcludedInstanceTypes"]);
  const [architecture] = list(instances["Architectures"]);
  const targetCpu = typeof target === "number" ? target : undefined;
  return {
    maxVCpu: scaling["MaxVCpuCount"],
    mode,
    targetCpu: mode === "Manual" ? targetCpu : undefined,
    scaling: mode === "Manual" ? { targetCpu } : mode,
    architecture: typeof architecture === "string" ? architecture : undefined,
    instanceTypes: allow.length > 0 ? { allow } : exclude.length > 0 ? { exclude } : "any",
  };
}

const record = (value: unknown): LiveProperties => (isRecord(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const published = "$LATEST.PUBLISHED";

async function functionRows(
  key: string,
  name: string,
  settings: Settings,
  { runningVersions }: Aws,
): Promise<Row[]> {
  const [live, scaling] = await Promise.all([
    runningVersions.configuration(name, published),
    runningVersions.scaling(name, published),
  ]);
  const own = settings.functions[key];
  if (live === undefined || own === undefined) return [];
  const row = (setting: keyof typeof own, value: unknown, property: string): Row => ({
    path: `functions.${key}.${setting}`,
    value,
    setting: own[setting],
    physicalId: name,
    property,
  });
  return [
    row("runtime", live.runtime, "/Runtime"),
    row("handler", live.handler, "/Handler"),
    row("timeout", live.timeout, "/Timeout"),
    ...sizeRows(row, live),
    ...environmentRows(row, scaling?.applied),
    row("logLevel", live.logLevel, "/LoggingConfig/ApplicationLogLevel"),
    row("systemLogLevel", live.systemLogLevel, "/LoggingConfig/SystemLogLevel"),
    row("tracing", live.tracing, "/TracingConfig"),
  ];
}

type MakeRow = (
  name:
    | "memory"
    | "memoryPerVCpu"
    | "concurrency"
    | "ephemeralStorage"
    | "minEnvironments"
    | "maxEnvironments",
  value: unknown,
  property: string,
) => Row;

function sizeRows(row: MakeRow, live: VersionConfiguration): Row[] {
  const managed = "/CapacityProviderConfig/LambdaManagedInstancesCapacityProviderConfig";
  return [
    row("memory", live.memory, "/MemorySize"),
    row("memoryPerVCpu", live.memoryPerVCpu, `${managed}/ExecutionEnvironmentMemoryGiBPerVCpu`),
    row("concurrency", live.concurrency, `${managed}/PerExecutionEnvironmentMaxConcurrency`),
    row("ephemeralStorage", live.ephemeralStorage, "/EphemeralStorage"),
  ];
}

/** Without limits of its own a version has Lambda's: three at least, and no end (Lambda API, FunctionScalingConfig). */
function environmentRows(row: MakeRow, applied: ScalingLimits | undefined): Row[] {
  const config = "/FunctionScalingConfig";
  return [
    row("minEnvironments", applied?.min ?? 3, `${config}/MinExecutionEnvironments`),
    row("maxEnvironments", applied?.max, `${config}/MaxExecutionEnvironments`),
  ];
}
