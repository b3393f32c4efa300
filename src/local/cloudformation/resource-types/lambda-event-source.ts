import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { callLambda, missing, taken } from "./lambda-call.ts";
import {
  dropped,
  flag,
  number,
  object,
  pick,
  requiredText,
  tagChanges,
  tagMap,
  text,
  texts,
} from "./properties.ts";
import { createNamed, deleteNamed, hasCode, unlessMissing } from "./repeatable.ts";
import { waitFor } from "./waiting.ts";

interface Mapping {
  readonly UUID: string;
  readonly EventSourceMappingArn: string;
  readonly State: string;
}

/** Properties that the API takes as they are, and those that are numbers. */
const plain = [
  "DestinationConfig",
  "FilterCriteria",
  "FunctionResponseTypes",
  "LoggingConfig",
  "MetricsConfig",
  "SourceAccessConfigurations",
];
const numbers = [
  "BatchSize",
  "MaximumBatchingWindowInSeconds",
  "MaximumRecordAgeInSeconds",
  "MaximumRetryAttempts",
  "ParallelizationFactor",
  "TumblingWindowInSeconds",
];
const onlyAtCreation = [
  "AmazonManagedKafkaEventSourceConfig",
  "EventSourceArn",
  "SelfManagedKafkaEventSourceConfig",
  "StartingPosition",
  "Topics",
];

function changeable(properties: Properties): Record<string, unknown> {
  const kmsKey = text(properties, "KmsKeyArn");
  const bisect = flag(properties, "BisectBatchOnFunctionError");
  return {
    FunctionName: requiredText(properties, "FunctionName"),
    Enabled: flag(properties, "Enabled") ?? true,
    ...pick(properties, plain),
    ...given(Object.fromEntries(numbers.map((name) => [name, number(properties, name)]))),
    ...given({ KMSKeyArn: kmsKey, BisectBatchOnFunctionError: bisect }),
    ...asNumbers(properties, "ScalingConfig", ["MaximumConcurrency"]),
    ...asNumbers(properties, "ProvisionedPollerConfig", ["MinimumPollers", "MaximumPollers"]),
  };
}

const given = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function asNumbers(properties: Properties, name: string, members: readonly string[]) {
  if (properties[name] === undefined) return {};
  const value = object(properties, name);
  const counts = given(Object.fromEntries(members.map((each) => [each, number(value, each)])));
  return { [name]: { ...value, ...counts } };
}

function creation(properties: Properties, context: ResourceContext): Record<string, unknown> {
  const start = number(properties, "StartingPositionTimestamp");
  const endpoints = object(object(properties, "SelfManagedEventSource"), "Endpoints");
  const servers = texts(endpoints, "KafkaBootstrapServers");
  return {
    ...changeable(properties),
    ...pick(properties, onlyAtCreation),
    ...given({ StartingPositionTimestamp: start && new Date(start * 1000) }),
    ...(servers.length === 0
      ? {}
      : { SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: servers } } }),
    Tags: tagMap(properties, context),
  };
}

/** What a mapping has where the template says nothing any more. */
const whenAbsent = (isQueue: boolean): Readonly<Record<string, unknown>> => ({
  BatchSize: isQueue ? 10 : 100,
  BisectBatchOnFunctionError: false,
  DestinationConfig: { OnFailure: {} },
  FilterCriteria: { Filters: [] },
  FunctionResponseTypes: [],
  MaximumBatchingWindowInSeconds: 0,
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
  ProvisionedPollerConfig: {},
  ScalingConfig: {},
  TumblingWindowInSeconds: 0,
});

/** Until it polls, or does not, as it shall. */
function untilSettled(UUID: string, context: ResourceContext): Promise<Mapping> {
  return waitFor(context, `Event source mapping ${UUID}`, async () => {
    const mapping = await callLambda<Mapping>(context, "GetEventSourceMapping", { UUID });
    return ["Enabled", "Disabled"].includes(mapping.State) ? mapping : undefined;
  });
}

const described = ({ UUID, EventSourceMappingArn }: Mapping): ProvisionedResource => ({
  physicalId: UUID,
  attributes: { Id: UUID, EventSourceMappingArn },
});

/** By function and source, which Lambda maps to each other once. */
const nameOf = (properties: Properties) =>
  `${requiredText(properties, "FunctionName")}:source:${text(properties, "EventSourceArn") ?? JSON.stringify(properties["SelfManagedEventSource"])}`;

async function find(properties: Properties, context: ResourceContext): Promise<Mapping> {
  const { EventSourceMappings } = await callLambda<{ EventSourceMappings: Mapping[] }>(
    context,
    "ListEventSourceMappings",
    pick(properties, ["FunctionName", "EventSourceArn"]),
  );
  const [mapping] = EventSourceMappings;
  if (!mapping) throw new Error(`There is no mapping ${nameOf(properties)}`);
  return mapping;
}

export const eventSourceMapping: ResourceType = {
  type: "AWS::Lambda::EventSourceMapping",
  async create(properties, context) {
    let made: Mapping | undefined;
    await createNamed(context, nameOf(properties), taken, async () => {
      made = await callLambda<Mapping>(
        context,
        "CreateEventSourceMapping",
        creation(properties, context),
      );
    });
    const { UUID } = made ?? (await find(properties, context));
    context.initiated?.(UUID);
    return described(await untilSettled(UUID, context));
  },
  async update(UUID, properties, previous, context) {
    const isQueue = text(properties, "EventSourceArn")?.split(":")[2] === "sqs";
    await untilSettled(UUID, context);
    const { EventSourceMappingArn: Resource } = await callLambda<Mapping>(
      context,
      "UpdateEventSourceMapping",
      {
        UUID,
        ...changeable(properties),
        ...dropped(properties, previous, whenAbsent(isQueue)),
      },
    );
    const { set, removedKeys } = tagChanges(properties, previous, context);
    if (removedKeys.length > 0)
      await callLambda(context, "UntagResource", { Resource, TagKeys: removedKeys });
    if (set.length > 0) {
      const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
      await callLambda(context, "TagResource", { Resource, Tags });
    }
    return described(await untilSettled(UUID, context));
  },
  async delete(UUID, properties, context) {
    await deleteNamed(context, nameOf(properties), missing, () =>
      waitFor(context, `Deletion of event source mapping ${UUID}`, () => goneOrNot(UUID, context)),
    );
  },
};

/** Asks for its deletion as soon as it is at rest; true once it is gone. */
async function goneOrNot(UUID: string, context: ResourceContext): Promise<true | undefined> {
  try {
    const found = await unlessMissing(missing, () =>
      callLambda(context, "DeleteEventSourceMapping", { UUID }),
    );
    return found ? undefined : true;
  } catch (error) {
    if (hasCode(error, ["ResourceInUseException"])) return undefined;
    throw error;
  }
}
