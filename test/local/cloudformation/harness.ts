import { createMemoryState } from "../../helpers/memory-state.ts";
import { systemClock } from "../../../src/local/clock.ts";
import type { Clock } from "../../../src/local/clock.ts";
import { noFaults } from "../../../src/local/faults/fault.ts";
import type {
  ResourceData,
  ResourceDataSource,
} from "../../../src/local/cloudformation/resource-data.ts";
import type { ResourceType } from "../../../src/local/cloudformation/resource-type.ts";
import { createCloudFormationService } from "../../../src/local/services/cloudformation/service.ts";
import type { CallContext, TargetContext } from "../../../src/local/service.ts";
import { ServiceError } from "../../../src/local/service-error.ts";
import type { State } from "../../../src/local/state.ts";

export const thing = "Test::Fake::Thing";

/** A type with one property of each kind of update. */
const thingData: ResourceData = {
  type: thing,
  identifier: ["Name"],
  reference: ["Name"],
  arnTemplate: "arn:${Partition}:fake:${Region}:${Account}:thing/${Name}",
  attributes: { Arn: "string", "Nested.Deep": "string" },
  properties: {
    Name: { required: false, replacement: "yes", shape: { kind: "scalar" } },
    Value: { required: false, replacement: "no", shape: { kind: "any" } },
    Fixed: { required: false, replacement: "yes", shape: { kind: "scalar" } },
    Fail: { required: false, replacement: "no", shape: { kind: "any" } },
    Config: {
      required: false,
      replacement: "no",
      shape: {
        kind: "object",
        properties: () => ({
          Size: { required: true, replacement: "no", shape: { kind: "scalar" } },
          Kind: { required: false, replacement: "yes", shape: { kind: "scalar" } },
        }),
      },
    },
    Tags: { required: false, replacement: "no", shape: { kind: "list", element: { kind: "tag" } } },
  },
  tagProperty: "Tags",
  replacementPaths: [],
};

export interface Harness {
  readonly call: <Output = Record<string, unknown>>(
    operation: string,
    input?: object,
  ) => Promise<Output>;
  readonly service: ReturnType<typeof createCloudFormationService>;
  /** What exists, by physical id. */
  readonly world: Map<string, Record<string, unknown>>;
  /** `create A`, `update A`, `delete A` in the order in which they began. */
  readonly calls: string[];
  readonly log: string[];
  /** Holds back a call, e.g. `create A`, until released. */
  readonly gates: Map<string, Promise<void>>;
  readonly state: State;
}

export interface HarnessOptions {
  readonly state?: State;
  readonly world?: Map<string, Record<string, unknown>>;
  readonly gates?: Map<string, Promise<void>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly call?: TargetContext["call"];
  readonly faults?: TargetContext["faults"];
  readonly real?: boolean;
  readonly clock?: Clock;
  readonly resourceTypes?: ReadonlyMap<string, ResourceType>;
}

function callContext(): CallContext {
  return {
    region: "us-east-1",
    accountId: "000000000000",
    requestId: "request",
    accessKeyId: "lmi-local",
    signal: new AbortController().signal,
  };
}

export function createHarness(options: HarnessOptions = {}): Harness {
  const state = options.state ?? createMemoryState();
  const world = options.world ?? new Map<string, Record<string, unknown>>();
  const gates = options.gates ?? new Map<string, Promise<void>>();
  const calls: string[] = [];
  const log: string[] = [];
  const target = fakeTarget(state, log, options);
  const data: ResourceDataSource = {
    load: async (types) =>
      new Map([...types].filter((type) => type === thing).map((type) => [type, thingData])),
  };
  const service = createCloudFormationService(target, {
    resourceTypes: options.resourceTypes ?? new Map([[thing, thingType(world, calls, gates)]]),
    ...(options.real ? {} : { data }),
  });
  return {
    service,
    world,
    calls,
    log,
    gates,
    state,
    call: async <Output>(operation: string, input: object = {}) => {
      const handler = service.operations[operation];
      if (!handler) throw new Error(`no operation ${operation}`);
      return (await handler(input as never, callContext())) as Output;
    },
  };
}

function fakeTarget(state: State, log: string[], options: HarnessOptions): TargetContext {
  return {
    accountId: "000000000000",
    clock: options.clock ?? systemClock,
    state,
    blobs: { put: async () => "", get: async () => Buffer.from(""), path: () => "" },
    random: Math.random,
    faults: options.faults ?? noFaults,
    timing: "fast",
    endpoint: () => "http://127.0.0.1:1",
    log: (message) => log.push(message),
    call:
      options.call ??
      (async <Output extends object>(service: string, operation: string, input: object) => {
        if (operation === "GetParameter" && "Name" in input) {
          const Value = options.parameters?.[String(input.Name)];
          if (Value === undefined) throw new ServiceError("ParameterNotFound", "not found");
          return { Parameter: { Value, Type: "String" } } as unknown as Output;
        }
        if (operation === "DescribeAvailabilityZones") {
          return {
            AvailabilityZones: [{ ZoneName: "us-east-1a" }, { ZoneName: "us-east-1b" }],
          } as unknown as Output;
        }
        throw new Error(`unexpected call ${service}.${operation}`);
      }),
  };
}

const failing = (value: unknown, verb: string) =>
  value === true || value === "true" || value === verb;

const answer = (physicalId: string) => ({
  physicalId,
  attributes: {
    Arn: `arn:aws:fake:us-east-1:000000000000:thing/${physicalId}`,
    "Nested.Deep": `deep-${physicalId}`,
  },
});

function thingType(
  world: Map<string, Record<string, unknown>>,
  calls: string[],
  gates: ReadonlyMap<string, Promise<void>>,
): ResourceType {
  const begin = async (what: string, signal: AbortSignal): Promise<void> => {
    calls.push(what);
    const gate = gates.get(what);
    if (!gate) return;
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    await Promise.race([gate, aborted]);
    if (signal.aborted) throw new ServiceError("OperationCancelled", "cancelled");
  };
  return {
    type: thing,
    create: async (properties, context) => {
      await begin(`create ${context.logicalId}`, context.signal);
      const { Name } = properties;
      const name = typeof Name === "string" ? Name : context.generateName(64);
      if (properties["Fail"] === "initiated") {
        world.set(name, { ...properties });
        context.initiated?.(name);
      }
      if (failing(properties["Fail"], "create") || properties["Fail"] === "initiated") {
        throw new ServiceError("InvalidRequest", `${context.logicalId} cannot be created`);
      }
      world.set(name, { ...properties, tags: context.stackTags });
      return answer(name);
    },
    update: async (physicalId, properties, _previous, context) => {
      await begin(`update ${context.logicalId}`, context.signal);
      if (failing(properties["Fail"], "update")) {
        throw new ServiceError("InvalidRequest", `${context.logicalId} cannot be updated`);
      }
      world.set(physicalId, { ...properties, tags: context.stackTags });
      return answer(physicalId);
    },
    delete: async (physicalId, properties, context) => {
      await begin(`delete ${context.logicalId}`, context.signal);
      if (failing(properties["Fail"], "delete")) {
        throw new ServiceError("ConflictException", `${context.logicalId} is in use`);
      }
      world.delete(physicalId);
    },
  };
}

export interface Shown {
  readonly StackId: string;
  readonly StackStatus: string;
  readonly StackStatusReason?: string;
  readonly Outputs: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
  readonly Parameters: readonly object[];
}

export async function describe(harness: Harness, StackName = "s"): Promise<Shown> {
  const { Stacks } = await harness.call<{ Stacks: Shown[] }>("DescribeStacks", { StackName });
  const [stack] = Stacks;
  if (!stack) throw new Error("no stack");
  return stack;
}

export interface ShownEvent {
  readonly EventId: string;
  readonly LogicalResourceId: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  readonly Timestamp: Date;
  readonly OperationId: string;
  readonly ResourceProperties?: string;
}

/** `logicalId STATUS` of every event, oldest first. */
export async function eventLines(harness: Harness, StackName = "s"): Promise<string[]> {
  const { StackEvents } = await harness.call<{ StackEvents: ShownEvent[] }>("DescribeStackEvents", {
    StackName,
  });
  return StackEvents.toReversed().map(
    ({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`,
  );
}

export function template(resources: Record<string, object>, others: object = {}): string {
  return JSON.stringify({
    ...others,
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, resource]) => [id, { Type: thing, ...resource }]),
    ),
  });
}

export async function create(harness: Harness, body: string, more: object = {}): Promise<Shown> {
  await harness.call("CreateStack", { StackName: "s", TemplateBody: body, ...more });
  await harness.service.idle();
  return describe(harness);
}

export async function update(harness: Harness, body: string, more: object = {}): Promise<Shown> {
  await harness.call("UpdateStack", { StackName: "s", TemplateBody: body, ...more });
  await harness.service.idle();
  return describe(harness);
}
