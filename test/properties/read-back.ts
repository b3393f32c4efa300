import { deployedFunctionName, providerConstructId } from "../../src/synth/names.ts";
import { endpointsOf } from "../../src/synth/endpoints.ts";
import { type ProviderSettings, providersOf } from "../../src/synth/providers.ts";
import type { CapacitySettings, FunctionSettings, Settings } from "../../src/synth/settings.ts";
import { deployedVariables } from "./referenced-values.ts";
import { readAliases, readAsyncInvoke } from "./read-calls.ts";
import { askedEvents, foundEvents } from "./read-events.ts";
import type { Answer, Deployed, World } from "./deployed-world.ts";

/*
 * What was deployed, read through the services' own operations in the words of the settings: what comes out is compared
 * with what was asked for. Keys that settings leave to Lambda are undefined on both sides.
 */

/** What was asked for, and what is there. */
export interface ReadBack {
  readonly asked: unknown;
  readonly found: unknown;
}

export async function readBack(
  world: World,
  settings: Settings,
  deployed: Deployed,
): Promise<ReadBack[]> {
  const functions = Object.entries(settings.functions).map(([key, own]) =>
    readFunction(world, settings, deployed, key, own),
  );
  const providers = providersOf(settings).map((own) =>
    readProvider(world, settings, deployed, own),
  );
  return Promise.all([...providers, ...functions]);
}

const sorted = (values: readonly string[] = []) => values.toSorted();
/** Lambda's default where nothing is said. */
const level = (own: string | undefined) => own ?? "INFO";
/** Without the tags that CloudFormation itself adds. */
const ownTags = (tags: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !/^(aws|lmi):/.test(key)));

async function readProvider(
  { call }: World,
  settings: Settings,
  deployed: Deployed,
  { name, capacity }: ProviderSettings,
): Promise<ReadBack> {
  const CapacityProviderName = deployed.ids.get(providerConstructId(name));
  const { CapacityProvider: own } = await call("lambda", "GetCapacityProvider", {
    CapacityProviderName,
  });
  const { Tags } = await call("lambda", "ListTags", { Resource: own.CapacityProviderArn });
  const { network } = settings;
  return {
    asked: {
      ...askedOf(capacity),
      subnets: network.subnetIds ?? network.azs,
      securityGroups: network.securityGroupIds,
      tags: settings.tags,
    },
    found: {
      ...foundOf(own),
      logRetention: await retentionOf(call, own.TelemetryConfig.LoggingConfig.LogGroup),
      // Those of a new VPC are looked at by readNetwork.
      subnets: network.subnetIds ? own.VpcConfig.SubnetIds : own.VpcConfig.SubnetIds.length,
      // One of the stack's unless settings name some.
      securityGroups: network.securityGroupIds && own.VpcConfig.SecurityGroupIds,
      tags: ownTags(Tags),
    },
  };
}

function askedOf(capacity: CapacitySettings) {
  return {
    architecture: [capacity.architecture],
    maxVCpu: capacity.maxVCpu,
    allow: sorted(capacity.instanceTypes?.allow),
    exclude: sorted(capacity.instanceTypes?.exclude),
    scaling: capacity.scaling ? "Manual" : "Auto",
    target: capacity.scaling?.targetCpu,
    kmsKeyArn: capacity.kmsKeyArn,
    propagateTags: capacity.propagateTags ?? {},
    logLevel: level(capacity.logLevel),
    logRetention: capacity.logRetention,
    state: "Active",
  };
}

function foundOf(own: Answer) {
  return {
    architecture: own.InstanceRequirements.Architectures,
    maxVCpu: own.CapacityProviderScalingConfig.MaxVCpuCount,
    allow: sorted(own.InstanceRequirements.AllowedInstanceTypes),
    exclude: sorted(own.InstanceRequirements.ExcludedInstanceTypes),
    scaling: own.CapacityProviderScalingConfig.ScalingMode,
    target: own.CapacityProviderScalingConfig.ScalingPolicies?.[0]?.TargetValue,
    kmsKeyArn: own.KmsKeyArn,
    propagateTags: own.PropagateTags?.ExplicitTags ?? {},
    logLevel: level(own.TelemetryConfig.LoggingConfig.SystemLogLevel),
    state: own.State,
  };
}

async function retentionOf(call: World["call"], logGroupNamePrefix: string): Promise<unknown> {
  const { logGroups } = await call("logs", "DescribeLogGroups", { logGroupNamePrefix });
  return logGroups.find(
    (group: { logGroupName: string }) => group.logGroupName === logGroupNamePrefix,
  )?.retentionInDays;
}

async function readFunction(
  { call }: World,
  settings: Settings,
  deployed: Deployed,
  key: string,
  own: FunctionSettings,
): Promise<ReadBack> {
  const FunctionName = deployedFunctionName(key, settings.environment);
  const Qualifier = "$LATEST.PUBLISHED";
  const [configuration, scaling, access] = await Promise.all([
    call("lambda", "GetFunctionConfiguration", { FunctionName, Qualifier }),
    call("lambda", "GetFunctionScalingConfig", { FunctionName, Qualifier }),
    readAccess(call, FunctionName, own),
  ]);
  const Resource = configuration.FunctionArn.replace(":$LATEST.PUBLISHED", "");
  const { Tags } = await call("lambda", "ListTags", { Resource });
  const provider = providersOf(settings).find(({ functions }) =>
    functions.some(([name]) => name === key),
  );
  const limits = scaling.RequestedFunctionScalingConfig ?? {};
  const found = foundConfiguration(configuration);
  return {
    asked: {
      ...askedConfiguration(own),
      architecture: [provider?.capacity.architecture],
      provider: deployed.ids.get(providerConstructId(provider?.name)),
      tags: settings.tags,
      ...askedAccess(own),
      aliases: own.aliases,
      asyncInvoke: own.asyncInvoke,
      ...askedEvents(own, settings.environment),
    },
    found: {
      ...found,
      // Lambda's own for the runtime unless settings say one.
      concurrency: own.concurrency && found.concurrency,
      limits: [limits.MinExecutionEnvironments, limits.MaxExecutionEnvironments],
      logRetention: await retentionOf(call, configuration.LoggingConfig.LogGroup),
      tags: ownTags(Tags),
      ...access,
      aliases: await readAliases(call, FunctionName),
      asyncInvoke: await readAsyncInvoke(call, FunctionName),
      ...(await foundEvents(call, Resource, own, settings.environment)),
    },
  };
}

function askedConfiguration(own: FunctionSettings) {
  return {
    runtime: own.runtime,
    handler: own.handler,
    memory: own.memory,
    memoryPerVCpu: own.memoryPerVCpu,
    concurrency: own.concurrency,
    limits: [own.minEnvironments, own.maxEnvironments],
    timeout: own.timeout,
    ephemeralStorage: own.ephemeralStorage,
    environment: deployedVariables(own),
    logging: ["JSON", level(own.logLevel), level(own.systemLogLevel)],
    logRetention: own.logRetention,
    tracing: own.tracing ? "Active" : "PassThrough",
    layers: own.layers,
    deadLetterArn: own.deadLetterArn,
    kmsKeyArn: own.kmsKeyArn,
    state: own.maxEnvironments === 0 ? "Deactivated" : "Active",
  };
}

function foundConfiguration(configuration: Answer) {
  const { LoggingConfig: logging, CapacityProviderConfig: on } = configuration;
  const managed = on.LambdaManagedInstancesCapacityProviderConfig;
  return {
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    architecture: configuration.Architectures,
    memory: configuration.MemorySize,
    memoryPerVCpu: managed.ExecutionEnvironmentMemoryGiBPerVCpu,
    concurrency: managed.PerExecutionEnvironmentMaxConcurrency,
    timeout: configuration.Timeout,
    ephemeralStorage: configuration.EphemeralStorage.Size,
    environment: configuration.Environment?.Variables ?? {},
    logging: [logging.LogFormat, level(logging.ApplicationLogLevel), level(logging.SystemLogLevel)],
    tracing: configuration.TracingConfig.Mode,
    layers: (configuration.Layers ?? []).map((layer: { Arn: string }) => layer.Arn),
    deadLetterArn: configuration.DeadLetterConfig?.TargetArn,
    kmsKeyArn: configuration.KMSKeyArn,
    provider: managed.CapacityProviderArn.split(":").at(-1),
    state: configuration.State,
  };
}

/** Who may call it, and what it may do. */
function askedAccess(own: FunctionSettings) {
  const statements = own.policies.filter((policy) => typeof policy !== "string");
  return {
    url: own.url && {
      auth: own.url.auth === "iam" ? "AWS_IAM" : "NONE",
      mode: own.url.stream ? "RESPONSE_STREAM" : "BUFFERED",
      cors: capitals(own.url.cors ?? {}),
      everybody: own.url.auth === "none" ? ["*", "*"] : [],
    },
    managed: sorted(own.policies.filter((policy) => typeof policy === "string")),
    statements,
  };
}

const capitals = (words: object) =>
  Object.fromEntries(
    Object.entries(words).map(([key, value]) => [
      key.charAt(0).toUpperCase() + key.slice(1),
      value,
    ]),
  );

async function readAccess(call: World["call"], FunctionName: string, own: FunctionSettings) {
  const { Role } = await call("lambda", "GetFunctionConfiguration", { FunctionName });
  const RoleName = String(Role).split("/").at(-1);
  const { AttachedPolicies } = await call("iam", "ListAttachedRolePolicies", { RoleName });
  const { PolicyNames } = await call("iam", "ListRolePolicies", { RoleName });
  const statements = (PolicyNames as string[]).includes("Own")
    ? await call("iam", "GetRolePolicy", { RoleName, PolicyName: "Own" })
    : undefined;
  return {
    url: own.url && (await readUrl(call, FunctionName)),
    managed: sorted(AttachedPolicies.map((policy: { PolicyArn: string }) => policy.PolicyArn)),
    statements: statements
      ? JSON.parse(decodeURIComponent(statements.PolicyDocument)).Statement
      : [],
  };
}

async function readUrl(call: World["call"], FunctionName: string) {
  const url = await call("lambda", "GetFunctionUrlConfig", { FunctionName });
  const policy = await call("lambda", "GetPolicy", { FunctionName }).catch(() => undefined);
  const allowed = policy ? JSON.parse(policy.Policy).Statement : [];
  return {
    auth: url.AuthType,
    mode: url.InvokeMode,
    cors: url.Cors ?? {},
    // Event sources have permissions of their own.
    everybody: allowed
      .map(({ Principal }: { Principal: unknown }) => Principal)
      .filter((principal: unknown) => principal === "*"),
  };
}

/** Of a new VPC. */
export async function readNetwork(
  { call }: World,
  settings: Settings,
  deployed: Deployed,
): Promise<ReadBack> {
  const { network } = settings;
  const [vpcs, subnets, gateways, endpoints] = await Promise.all([
    call("ec2", "DescribeVpcs", { VpcIds: [deployed.ids.get("Vpc")] }),
    call("ec2", "DescribeSubnets"),
    call("ec2", "DescribeNatGateways"),
    call("ec2", "DescribeVpcEndpoints"),
  ]);
  const own = subnets.Subnets.filter((subnet: { SubnetId: string }) =>
    [1, 2, 3].some((zone) => deployed.ids.get(`Subnet${zone}`) === subnet.SubnetId),
  );
  const nats = network.egress !== "nat" ? 0 : network.natGateways === "each" ? network.azs : 1;
  return {
    asked: {
      cidr: network.cidr,
      zones: network.azs,
      public: Array.from({ length: network.azs }, () => network.egress === "public"),
      nats,
      ipv6: network.ipv6,
      endpoints: endpointsOf(settings)
        .map(({ name, kind }) => `${name} ${kind}`)
        .toSorted(),
    },
    found: {
      cidr: vpcs.Vpcs[0].CidrBlock,
      zones: new Set(own.map((subnet: { AvailabilityZone: string }) => subnet.AvailabilityZone))
        .size,
      public: own.map((subnet: { MapPublicIpOnLaunch?: boolean }) =>
        Boolean(subnet.MapPublicIpOnLaunch),
      ),
      nats: gateways.NatGateways.length,
      ipv6: own.every((subnet: Answer) => subnet.Ipv6CidrBlockAssociationSet?.length > 0),
      endpoints: endpoints.VpcEndpoints.map(
        ({ ServiceName, VpcEndpointType }: Answer) =>
          `${ServiceName.split(".").slice(3).join(".")} ${VpcEndpointType.toLowerCase()}`,
      ).toSorted(),
    },
  };
}
