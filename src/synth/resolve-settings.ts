import { handlerOf } from "./entry-kind.ts";
import type { SettingsOutput } from "./settings-schema.ts";
import type { CapacitySettings, FunctionSettings, Settings } from "./settings.ts";

/** The settings as the rest of lmi sees them: one environment, every derived value filled in. */
export function resolveSettings(
  parsed: SettingsOutput,
  identity: { readonly name: string; readonly environment: string | undefined },
): Settings {
  const { network, capacity } = parsed;
  return {
    name: parsed.name ?? identity.name,
    environment: identity.environment,
    region: parsed.region,
    network: {
      cidr: network.cidr,
      azs: network.azs,
      egress: network.egress,
      natGateways: network.natGateways,
      ipv6: network.ipv6,
      endpoints: network.endpoints,
      vpcId: network.vpcId,
      vpcTags: network.vpcTags,
      defaultVpc: network.defaultVpc,
      subnetIds: network.subnetIds,
      securityGroupIds: network.securityGroupIds,
    },
    capacity: resolveCapacity(capacity, capacity.confusedDeputyProtection),
    capacityProviders: Object.fromEntries(
      Object.entries(parsed.capacityProviders).map(([key, own]) => [
        key,
        // One operator role serves all of them.
        resolveCapacity(own, capacity.confusedDeputyProtection),
      ]),
    ),
    functions: Object.fromEntries(
      Object.entries(parsed.functions).map(([key, own]) => [key, resolveFunction(own)]),
    ),
    tags: parsed.tags,
    schedule: parsed.schedule && {
      pause: parsed.schedule.pause,
      resume: parsed.schedule.resume,
      timezone: parsed.schedule.timezone,
    },
    ttl: parsed.ttl,
    allowUnsupportedRuntime: parsed.allowUnsupportedRuntime,
    overrides: parsed.overrides,
    resources: parsed.resources,
    outputs: parsed.outputs,
    conditions: parsed.conditions,
    parameters: parsed.parameters,
    stack: undefined,
  };
}

function resolveCapacity(
  own: SettingsOutput["capacityProviders"][string],
  confusedDeputyProtection: boolean,
): CapacitySettings {
  return {
    architecture: own.architecture,
    maxVCpu: own.maxVCpu,
    instanceTypes: own.instanceTypes,
    scaling: own.scaling,
    kmsKeyArn: own.kmsKeyArn,
    propagateTags: own.propagateTags,
    logLevel: own.logLevel,
    logRetention: own.logRetention,
    confusedDeputyProtection,
  };
}

function resolveFunction(own: SettingsOutput["functions"][string]): FunctionSettings {
  return {
    entry: own.entry,
    build: own.build,
    handler: handlerOf(own.entry, own.handler),
    runtime: own.runtime,
    capacityProvider: own.capacityProvider,
    memory: own.memory,
    memoryPerVCpu: own.memoryPerVCpu,
    concurrency: own.concurrency,
    minEnvironments: own.minEnvironments,
    maxEnvironments: own.maxEnvironments,
    timeout: own.timeout,
    ephemeralStorage: own.ephemeralStorage,
    environment: own.environment,
    logRetention: own.logRetention,
    logLevel: own.logLevel,
    systemLogLevel: own.systemLogLevel,
    tracing: own.tracing,
    layers: own.layers,
    policies: own.policies,
    deadLetterArn: own.deadLetterArn,
    asyncInvoke: own.asyncInvoke && {
      onSuccess: own.asyncInvoke.onSuccess,
      onFailure: own.asyncInvoke.onFailure,
      maxEventAge: own.asyncInvoke.maxEventAge,
      retryAttempts: own.asyncInvoke.retryAttempts,
    },
    aliases: own.aliases,
    kmsKeyArn: own.kmsKeyArn,
    url: own.url && { auth: own.url.auth, stream: own.url.stream, cors: own.url.cors },
    events: own.events,
    bundle: {
      format: own.bundle.format ?? (/\.c[jt]s$/.test(own.entry) ? "cjs" : "esm"),
      minify: own.bundle.minify,
      sourceMap: own.bundle.sourceMap,
    },
  };
}
