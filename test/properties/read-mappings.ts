import type { FunctionSettings } from "../../src/synth/settings.ts";
import type { Answer, World } from "./deployed-world.ts";
import { type EventOf, eventsOf, type IsAsked } from "./event-kinds.ts";

/* Event source mappings, in the words of settings; with Lambda's own values where settings say nothing. */

type Stream = EventOf<"dynamodb" | "kinesis">;
type Topic = EventOf<"msk" | "kafka">;
type Queue = EventOf<"sqs">;

export function askedMappings(own: FunctionSettings, environment: string | undefined) {
  return [
    ...eventsOf(own, "sqs").map((event) => ({
      ...common(event),
      queue: askedQueue(event, own, environment),
      maximumConcurrency: event.maximumConcurrency,
      pollers: pollersOf(event.pollers),
    })),
    ...eventsOf(own, "dynamodb", "kinesis").map((event) => ({
      ...common(event),
      ...records(event),
      source: event.arn,
      tumblingWindow: event.tumblingWindow ?? 0,
      parallelization: event.parallelization,
    })),
    ...eventsOf(own, "msk", "kafka").map((event) => ({
      ...common(event),
      ...records(event),
      source: event.type === "msk" ? event.arn : event.bootstrapServers.join(),
      topics: [event.topic],
      group: event.consumerGroup,
      pollers: pollersOf(event.pollers),
      access: accessOf(event),
    })),
  ].map(sorted);
}

/** Keys in one order, so that texts can be compared. */
const sorted = (each: object) =>
  Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)));

const common = (event: Queue | Stream | Topic) => ({
  batchSize: event.batchSize,
  batchWindow: event.batchWindow ?? 0,
  state: event.enabled ? "Enabled" : "Disabled",
  filters: event.filters.map((pattern) => JSON.stringify(pattern)),
  reports: event.reportBatchItemFailures ? ["ReportBatchItemFailures"] : [],
  kmsKeyArn: event.kmsKeyArn,
});

const records = (event: Stream | Topic) => ({
  position: event.startingPosition,
  begins:
    "startingTimestamp" in event && event.startingTimestamp !== undefined
      ? Date.parse(event.startingTimestamp)
      : undefined,
  bisect: event.bisectOnError,
  retryAttempts: event.retryAttempts ?? -1,
  maxRecordAge: event.maxRecordAge ?? -1,
  onFailure: event.onFailure,
});

function accessOf(event: Topic): string[] {
  const auth = event.auth ? [`${event.auth.type} ${event.auth.secretArn}`] : [];
  if (event.type === "msk") return auth;
  const { serverCaSecretArn: authority, vpc } = event;
  return [
    ...auth,
    ...(authority === undefined ? [] : [`SERVER_ROOT_CA_CERTIFICATE ${authority}`]),
    ...(vpc?.subnetIds ?? []).map((id) => `VPC_SUBNET subnet:${id}`),
    ...(vpc?.securityGroupIds ?? []).map((id) => `VPC_SECURITY_GROUP security_group:${id}`),
  ];
}

const pollersOf = (
  own:
    | { minimum?: number | undefined; maximum?: number | undefined; group?: string | undefined }
    | undefined,
) => own && [own.minimum ?? null, own.maximum ?? null, own.group ?? null];

/** One that exists by its ARN; else what was asked of the new one. */
function askedQueue(event: Queue, { timeout }: FunctionSettings, environment: string | undefined) {
  if (event.arn !== undefined) return event.arn;
  const name =
    event.queueName && [event.queueName, ...(environment ? [environment] : [])].join("-");
  return {
    name: name && `${name}${event.fifo ? ".fifo" : ""}`,
    fifo: event.fifo ?? false,
    // Lambda's developer guide, services-sqs-configure.
    visibilityTimeout: event.visibilityTimeout ?? 6 * timeout + (event.batchWindow ?? 0),
    maxReceiveCount: event.maxReceiveCount ?? 5,
  };
}

export async function foundMappings(call: World["call"], arn: string, isAsked: IsAsked) {
  const answer = await call("lambda", "ListEventSourceMappings", { FunctionName: arn });
  const all: Answer[] = answer.EventSourceMappings;
  return Promise.all(
    all.map(async (each) => {
      const { EventSourceArn: source } = each;
      const isQueue = String(source).startsWith("arn:aws:sqs:");
      const own = isQueue
        ? { queue: isAsked(source) ? source : await foundQueue(call, source, isAsked) }
        : foundRecords(each);
      return sorted({ ...foundCommon(each), ...own });
    }),
  );
}

const foundCommon = (each: Answer) => ({
  batchSize: each.BatchSize,
  batchWindow: each.MaximumBatchingWindowInSeconds ?? 0,
  state: each.State,
  filters: (each.FilterCriteria?.Filters ?? []).map((filter: Answer) => filter.Pattern),
  reports: each.FunctionResponseTypes ?? [],
  kmsKeyArn: each.KMSKeyArn,
  maximumConcurrency: each.ScalingConfig?.MaximumConcurrency,
  pollers: foundPollers(each.ProvisionedPollerConfig),
});

const foundPollers = (own: Answer) =>
  own &&
  pollersOf({
    minimum: own.MinimumPollers,
    maximum: own.MaximumPollers,
    group: own.PollerGroupName,
  });

const foundRecords = (each: Answer) => ({
  position: each.StartingPosition,
  begins: each.StartingPositionTimestamp && new Date(each.StartingPositionTimestamp).getTime(),
  bisect: each.BisectBatchOnFunctionError ?? false,
  retryAttempts: each.MaximumRetryAttempts ?? -1,
  maxRecordAge: each.MaximumRecordAgeInSeconds ?? -1,
  onFailure: each.DestinationConfig?.OnFailure?.Destination,
  ...(each.Topics === undefined ? foundStream(each) : foundTopic(each)),
});

const foundStream = (each: Answer) => ({
  source: each.EventSourceArn,
  tumblingWindow: each.TumblingWindowInSeconds,
  parallelization: each.ParallelizationFactor,
});

function foundTopic(each: Answer) {
  const config = each.AmazonManagedKafkaEventSourceConfig ?? each.SelfManagedKafkaEventSourceConfig;
  return {
    source:
      each.EventSourceArn ?? each.SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS.join(),
    topics: each.Topics,
    group: config?.ConsumerGroupId,
    access: (each.SourceAccessConfigurations ?? []).map(
      (access: Answer) => `${access.Type} ${access.URI}`,
    ),
  };
}

async function foundQueue(call: World["call"], arn: string, isAsked: IsAsked) {
  const name = arn.split(":").at(-1) ?? "";
  const { QueueUrl } = await call("sqs", "GetQueueUrl", { QueueName: name });
  const { Attributes: own } = await call("sqs", "GetQueueAttributes", {
    QueueUrl,
    AttributeNames: ["All"],
  });
  return {
    // CloudFormation's unless settings say one.
    name: isAsked(name) ? name : undefined,
    fifo: own.FifoQueue === "true",
    visibilityTimeout: Number(own.VisibilityTimeout),
    maxReceiveCount: Number(JSON.parse(own.RedrivePolicy).maxReceiveCount),
  };
}
