import type {
  Aws,
  Credentials,
  FunctionState,
  InvokeRequest,
  InvokeResponse,
  StackState,
} from "../../src/aws/ports.ts";
import type { AwsTarget } from "../../src/aws/target.ts";

/** Ports that refuse everything but what a test hands in; invocations are remembered. */
export function recordingAws(
  overrides: {
    readonly [Port in Exclude<keyof Aws, "target" | "credentials">]?: Partial<Aws[Port]>;
  } & { readonly target?: Partial<AwsTarget>; readonly credentials?: Credentials } = {},
): Aws & { readonly invocations: InvokeRequest[] } {
  const invocations: InvokeRequest[] = [];
  const { invoke, ...functions } = overrides.functions ?? {};
  return {
    target: {
      region: "us-east-1",
      profile: undefined,
      endpoint: undefined,
      credentials: undefined,
      local: false,
      ...overrides.target,
    },
    metrics: { read: async (queries) => queries.map(() => []), ...overrides.metrics },
    runningVersions: {
      scaling: async () => undefined,
      configuration: async () => undefined,
      ...overrides.runningVersions,
    },
    inventory: {
      stacks: refuse("inventory.stacks"),
      stackOrigin: refuse("inventory.stackOrigin"),
      capacityProviders: refuse("inventory.capacityProviders"),
      providerTags: refuse("inventory.providerTags"),
      instances: refuse("inventory.instances"),
      ...overrides.inventory,
    },
    identity: {
      caller: async () => ({ accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/me" }),
      ...overrides.identity,
    },
    credentials: overrides.credentials
      ? async () => overrides.credentials as Credentials
      : refuse("credentials"),
    functions: {
      find: refuse("functions.find"),
      properties: refuse("functions.properties"),
      ...functions,
      invoke: (request) => {
        invocations.push(request);
        return invoke ? invoke(request) : refuse("functions.invoke")();
      },
    },
    code: {
      find: refuse("code.find"),
      update: refuse("code.update"),
      configure: refuse("code.configure"),
      publish: refuse("code.publish"),
      ...overrides.code,
    },
    assets: { sha256: refuse("assets.sha256"), ...overrides.assets },
    invocationRoutes: {
      find: refuse("invocationRoutes.find"),
      findUrl: refuse("invocationRoutes.findUrl"),
      ...overrides.invocationRoutes,
    },
    keptCodes: {
      bucket: () => "assets",
      list: refuse("keptCodes.list"),
      store: refuse("keptCodes.store"),
      keep: refuse("keptCodes.keep"),
      storeTemplate: refuse("keptCodes.storeTemplate"),
      remove: refuse("keptCodes.remove"),
      forget: refuse("keptCodes.forget"),
      ...overrides.keptCodes,
    },
    changeSets: { executed: refuse("changeSets.executed"), ...overrides.changeSets },
    capacityProviders: {
      find: refuse("capacityProviders.find"),
      properties: refuse("capacityProviders.properties"),
      ...overrides.capacityProviders,
    },
    instances: { ofCapacityProvider: refuse("instances"), ...overrides.instances },
    networks: {
      find: refuse("networks"),
      subnets: refuse("networks.subnets"),
      securityGroups: refuse("networks.securityGroups"),
      ranges: async () => [],
      ...overrides.networks,
    },
    networkInterfaces: {
      inNetwork: refuse("networkInterfaces.inNetwork"),
      ...overrides.networkInterfaces,
    },
    drifts: {
      detect: refuse("drifts.detect"),
      detection: refuse("drifts.detection"),
      resources: refuse("drifts.resources"),
      ...overrides.drifts,
    },
    egress: {
      subnets: refuse("egress.subnets"),
      endpoints: refuse("egress.endpoints"),
      https: refuse("egress.https"),
      ...overrides.egress,
    },
    quotas: {
      value: refuse("quotas.value"),
      running: refuse("quotas.running"),
      capacityProviders: refuse("quotas.capacityProviders"),
      ...overrides.quotas,
    },
    roles: {
      arnOf: refuse("roles.arnOf"),
      find: refuse("roles.find"),
      simulate: refuse("roles.simulate"),
      ...overrides.roles,
    },
    serverClock: { read: refuse("serverClock"), ...overrides.serverClock },
    zones: { names: refuse("zones.names"), offered: refuse("zones.offered"), ...overrides.zones },
    priceLists: { products: refuse("priceLists"), ...overrides.priceLists },
    scaling: { put: refuse("scaling.put"), ...overrides.scaling },
    stacks: {
      find: refuse("stacks.find"),
      resources: refuse("stacks.resources"),
      events: refuse("stacks.events"),
      template: refuse("stacks.template"),
      delete: refuse("stacks.delete"),
      ...overrides.stacks,
    },
    stackRemovals: {
      deleted: refuse("stackRemovals.deleted"),
      owner: refuse("stackRemovals.owner"),
      updateTemplate: refuse("stackRemovals.updateTemplate"),
      deleteKeeping: refuse("stackRemovals.deleteKeeping"),
      ...overrides.stackRemovals,
    },
    versions: {
      ofFunction: refuse("versions.ofFunction"),
      aliases: refuse("versions.aliases"),
      mapped: refuse("versions.mapped"),
      scaling: refuse("versions.scaling"),
      ofCapacityProvider: refuse("versions.ofCapacityProvider"),
      delete: refuse("versions.delete"),
      ...overrides.versions,
    },
    logs: {
      events: () => emptyLog(),
      ...overrides.logs,
    },
    logGroups: {
      find: async () => undefined,
      ...overrides.logGroups,
    },
    logTimeline: {
      stored: () => emptyLog(),
      followed: () => emptyLog(),
      ...overrides.logTimeline,
    },
    invocations,
  };
}

const refuse = (what: string) => () => Promise.reject(new Error(`${what} was not expected`));

async function* emptyLog(): AsyncGenerator<never> {}

export function answerOf(payload: string, fields: Partial<InvokeResponse> = {}): InvokeResponse {
  return {
    statusCode: 200,
    requestId: "3f2a91c4-0000-4000-8000-000000000000",
    executedVersion: "$LATEST.PUBLISHED",
    functionError: undefined,
    payload: new TextEncoder().encode(payload),
    ...fields,
  };
}

export function stackOf(fields: Partial<StackState> = {}): StackState {
  return {
    stackName: "lmi-hello",
    stackId: "arn:aws:cloudformation:us-east-1:123456789012:stack/lmi-hello/1",
    status: "CREATE_COMPLETE",
    statusReason: undefined,
    outputs: {},
    tags: {},
    createdAt: undefined,
    updatedAt: undefined,
    terminationProtection: false,
    ...fields,
  };
}

export function functionStateOf(fields: Partial<FunctionState> = {}): FunctionState {
  return {
    functionName: "fn",
    functionArn: "arn:aws:lambda:us-east-1:123456789012:function:fn",
    version: "$LATEST.PUBLISHED",
    runtime: "nodejs24.x",
    memoryMb: 2048,
    codeSha256: undefined,
    state: "Active",
    stateReason: undefined,
    stateReasonCode: undefined,
    lastUpdateStatus: "Successful",
    lastUpdateStatusReason: undefined,
    lastUpdateStatusReasonCode: undefined,
    capacityProviderArn: undefined,
    logGroup: undefined,
    ...fields,
  };
}
