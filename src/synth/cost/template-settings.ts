import type { EventSettings } from "../events/event-schema.ts";
import type { CapacitySettings, FunctionSettings, NetworkSettings, Settings } from "../settings.ts";

type Properties = Readonly<Record<string, unknown>>;

interface Resource {
  readonly Type?: string;
  readonly Properties?: Properties;
}

type Template = Readonly<Record<string, unknown>>;

/**
 * As much of the settings as a price needs, read back from a template that lmi made: what was deployed may have come
 * from another lmi.json, and its prices are to be compared. undefined where it holds no capacity provider.
 */
export function settingsOfTemplate(template: Template, region: string): Settings | undefined {
  const resources = (template["Resources"] ?? {}) as Readonly<Record<string, Resource>>;
  const providers = ofType(resources, "AWS::Lambda::CapacityProvider");
  const functions = ofType(resources, "AWS::Lambda::Function").flatMap(([id, properties]) =>
    functionOf(id, properties, new Set(providers.map(([provider]) => provider))),
  );
  const versioned = new Set(
    ofType(resources, "AWS::Lambda::Version").map(
      ([, { FunctionName }]) => object(FunctionName)["Ref"],
    ),
  );
  const provisioned = ofType(resources, "AWS::Lambda::EventSourceMapping").flatMap(provisionedOf);
  const [first] = providers;
  if (first === undefined || functions.length === 0) return undefined;
  return {
    name: "",
    environment: undefined,
    region,
    network: networkOf(resources, first[1]),
    capacity: capacityOf(first[1]),
    capacityProviders: Object.fromEntries(
      providers.map(([id, properties]) => [id, capacityOf(properties)]),
    ),
    functions: Object.fromEntries(
      functions.map(([id, own]) => [
        id,
        {
          ...own,
          ...(versioned.has(id) ? { aliases: { versioned: "version" as const } } : {}),
          events: provisioned.flatMap((each) => (each.functionId === id ? [each.event] : [])),
        },
      ]),
    ),
    tags: {},
    schedule: undefined,
    ttl: undefined,
    allowUnsupportedRuntime: true,
    overrides: {},
    resources: {},
    outputs: {},
    conditions: {},
    parameters: {},
    stack: undefined,
  };
}

function ofType(
  resources: Readonly<Record<string, Resource>>,
  type: string,
): [id: string, properties: Properties][] {
  return Object.entries(resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {} }]) => [id, Properties]);
}

function object(value: unknown): Properties {
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}

const number = (value: unknown) => (typeof value === "number" ? value : undefined);
const text = (value: unknown) => (typeof value === "string" ? value : "");
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function capacityOf(properties: Properties): CapacitySettings {
  const scaling = object(properties["CapacityProviderScalingConfig"]);
  const instances = object(properties["InstanceRequirements"]);
  const allow = list(instances["AllowedInstanceTypes"]).map(String);
  const exclude = list(instances["ExcludedInstanceTypes"]).map(String);
  return {
    architecture: list(instances["Architectures"])[0] === "arm64" ? "arm64" : "x86_64",
    // CloudFormation's default (AWS::Lambda::CapacityProvider).
    maxVCpu: number(scaling["MaxVCpuCount"]) ?? 400,
    instanceTypes: allow.length > 0 ? { allow } : exclude.length > 0 ? { exclude } : undefined,
    scaling: undefined,
    kmsKeyArn: undefined,
    propagateTags: undefined,
    logLevel: undefined,
    logRetention: 30,
    confusedDeputyProtection: false,
  };
}

function functionOf(
  id: string,
  properties: Properties,
  providers: ReadonlySet<string>,
): [string, FunctionSettings][] {
  const managed = object(
    object(properties["CapacityProviderConfig"])["LambdaManagedInstancesCapacityProviderConfig"],
  );
  const [provider] = list(object(managed["CapacityProviderArn"])["Fn::GetAtt"]);
  if (typeof provider !== "string" || !providers.has(provider)) return [];
  const scaling = object(properties["FunctionScalingConfig"]);
  const ratio = number(managed["ExecutionEnvironmentMemoryGiBPerVCpu"]);
  const own: FunctionSettings = {
    entry: "",
    build: undefined,
    handler: "",
    runtime: text(properties["Runtime"]),
    capacityProvider: provider,
    memory: number(properties["MemorySize"]) ?? 2048,
    memoryPerVCpu: ratio === 4 || ratio === 8 ? ratio : 2,
    concurrency: number(managed["PerExecutionEnvironmentMaxConcurrency"]),
    minEnvironments: number(scaling["MinExecutionEnvironments"]),
    maxEnvironments: number(scaling["MaxExecutionEnvironments"]),
    timeout: 30,
    ephemeralStorage: 512,
    environment: {},
    logRetention: 30,
    logLevel: undefined,
    systemLogLevel: undefined,
    tracing: false,
    layers: [],
    policies: [],
    deadLetterArn: undefined,
    asyncInvoke: undefined,
    aliases: {},
    kmsKeyArn: undefined,
    url: undefined,
    events: [],
    bundle: { format: "esm", minify: false, sourceMap: false },
  };
  return [[id, own]];
}

/** Of an event source its provisioned pollers alone: nothing else of it costs by the hour. */
function provisionedOf([, properties]: [string, Properties]): {
  functionId: unknown;
  event: EventSettings;
}[] {
  const { MinimumPollers, MaximumPollers, PollerGroupName } = object(
    properties["ProvisionedPollerConfig"],
  );
  if (MinimumPollers === undefined && MaximumPollers === undefined) return [];
  const pollers = { minimum: number(MinimumPollers), maximum: number(MaximumPollers) };
  const group = typeof PollerGroupName === "string" ? PollerGroupName : undefined;
  const event =
    properties["Topics"] === undefined
      ? { type: "sqs", pollers }
      : { type: "kafka", pollers: { ...pollers, group } };
  return [{ functionId: object(properties["FunctionName"])["Ref"], event: event as EventSettings }];
}

function networkOf(
  resources: Readonly<Record<string, Resource>>,
  provider: Properties,
): NetworkSettings {
  const gateways = ofType(resources, "AWS::EC2::NatGateway").length;
  const subnets = list(object(provider["VpcConfig"])["SubnetIds"]);
  const isNew = ofType(resources, "AWS::EC2::VPC").length > 0;
  const isPublic = ofType(resources, "AWS::EC2::Subnet").some(
    ([, { MapPublicIpOnLaunch }]) => MapPublicIpOnLaunch === true,
  );
  return {
    cidr: "",
    azs: subnets.length,
    egress: gateways > 0 ? "nat" : isPublic ? "public" : "none",
    natGateways: gateways > 1 ? "each" : "one",
    ipv6: ofType(resources, "AWS::EC2::VPCCidrBlock").length > 0,
    endpoints: ofType(resources, "AWS::EC2::VPCEndpoint").map(([, { ServiceName }]) =>
      serviceName(ServiceName),
    ),
    vpcId: isNew ? undefined : "vpc-given",
    vpcTags: undefined,
    defaultVpc: false,
    subnetIds: isNew ? undefined : subnets.map(String),
    securityGroupIds: undefined,
  };
}

/** The last part of `com.amazonaws.<region>.<name>`, which the template joins from pieces. */
function serviceName(value: unknown): string {
  const [, pieces] = list(object(value)["Fn::Join"]);
  const whole = text(value) || list(pieces).map(String).join("");
  return whole.split(".").at(-1) ?? "";
}
