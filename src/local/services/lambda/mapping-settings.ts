import type {
  CreateEventSourceMappingRequest,
  UpdateEventSourceMappingRequest,
} from "@aws-sdk/client-lambda";
import { patternProblem } from "../../../event-pattern-problem.ts";
import { defined } from "./alias-operations.ts";
import { oneOf, range } from "./constraints.ts";
import { constraint, invalidParameter } from "./failures.ts";
import type { MappingKind, MappingSettings } from "./mapping-document.ts";

type Input = Partial<CreateEventSourceMappingRequest & UpdateEventSourceMappingRequest>;

/** What a mapping has where nothing is said of it (Lambda API, CreateEventSourceMapping). */
const streamDefaults = {
  BatchSize: 100,
  MaximumBatchingWindowInSeconds: 0,
  BisectBatchOnFunctionError: false,
  DestinationConfig: { OnFailure: {} },
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
  TumblingWindowInSeconds: 0,
  FunctionResponseTypes: [],
};
const defaults: Readonly<Record<MappingKind, MappingSettings>> = {
  sqs: { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] },
  kinesis: streamDefaults,
  dynamodb: streamDefaults,
  kafka: { BatchSize: 100 },
};

/** Of an ARN, by its service; a source without one is a Kafka cluster of one's own. */
export function kindOf(input: Input): MappingKind {
  if (input.EventSourceArn === undefined) {
    if (input.SelfManagedEventSource) return "kafka";
    throw invalidParameter("Unrecognized event source.");
  }
  const service = input.EventSourceArn.split(":")[2] ?? "";
  if (isKind(service)) return service;
  // The kinds are those of lambda-managed-instances-quotas; AWS's text is not published.
  throw invalidParameter(
    `Event sources of ${service} are not supported for functions on Lambda Managed Instances.`,
  );
}

const isKind = (service: string): service is MappingKind => Object.hasOwn(defaults, service);

/** Settings of a new mapping, checked. */
export function newSettings(kind: MappingKind, input: Input): MappingSettings {
  const needsPosition = kind !== "sqs";
  if (needsPosition && input.StartingPosition === undefined)
    throw constraint("startingPosition", null, "Member must not be null.");
  if (!needsPosition && input.StartingPosition !== undefined)
    throw invalidParameter("StartingPosition is not valid for SQS event sources.");
  return checked(kind, { ...defaults[kind], ...given(input) });
}

/** Settings after a change, checked. */
export function changedSettings(
  kind: MappingKind,
  before: MappingSettings,
  input: Input,
): MappingSettings {
  return checked(kind, { ...before, ...given(input) });
}

function given(input: Input): Partial<MappingSettings> {
  const { FunctionName: _function, Enabled: _enabled, Tags: _tags, UUID: _uuid, ...rest } = input;
  const { StartingPositionTimestamp: start, ...settings } = rest;
  const time = start === undefined ? {} : { StartingPositionTimestamp: start.getTime() / 1000 };
  return { ...(defined(settings) as Partial<MappingSettings>), ...time };
}

/** Ranges of botocore's service model, and what excludes what. */
function checked(kind: MappingKind, settings: MappingSettings): MappingSettings {
  const number = (name: string) => settings[name] as number | undefined;
  range("batchSize", settings.BatchSize, 1, 10_000);
  range("maximumBatchingWindowInSeconds", settings.MaximumBatchingWindowInSeconds, 0, 300);
  range("parallelizationFactor", number("ParallelizationFactor"), 1, 10);
  range("maximumRecordAgeInSeconds", number("MaximumRecordAgeInSeconds"), -1, 604_800);
  range("maximumRetryAttempts", number("MaximumRetryAttempts"), -1, 10_000);
  range("tumblingWindowInSeconds", number("TumblingWindowInSeconds"), 0, 900);
  range("scalingConfig.maximumConcurrency", settings.ScalingConfig?.MaximumConcurrency, 2, 1000);
  range("functionResponseTypes", settings.FunctionResponseTypes?.length, 0, 1);
  for (const type of settings.FunctionResponseTypes ?? [])
    oneOf("functionResponseTypes", type, ["ReportBatchItemFailures"]);
  const documents = settings["DocumentDBEventSourceConfig"] as
    | { FullDocument?: string }
    | undefined;
  const fullDocument = "documentDBEventSourceConfig.fullDocument";
  oneOf(fullDocument, documents?.FullDocument, ["UpdateLookup", "Default"]);
  checkFilters(settings);
  if (kind === "sqs") checkQueueSettings(settings);
  else if (settings.ScalingConfig)
    throw invalidParameter("ScalingConfig is only valid for SQS event sources.");
  return settings;
}

function checkFilters({ FilterCriteria }: MappingSettings): void {
  for (const { Pattern } of FilterCriteria?.Filters ?? []) {
    if (patternProblem(parsed(Pattern ?? "")) !== undefined)
      throw invalidParameter("Invalid filter pattern definition.");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkQueueSettings(settings: MappingSettings): void {
  const { BatchSize, MaximumBatchingWindowInSeconds: window = 0 } = settings;
  if (settings.EventSourceArn?.endsWith(".fifo")) {
    if (BatchSize > 10)
      throw invalidParameter("The batch size of a FIFO queue must be 10 or less.");
    if (window > 0) throw invalidParameter("Batching window is not supported for FIFO queues.");
    return;
  }
  // As seen in ansible-collections/amazon.aws, issue 1995.
  if (BatchSize > 10 && window === 0)
    throw invalidParameter(
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
    );
  if (settings.ScalingConfig && settings["ProvisionedPollerConfig"])
    throw invalidParameter("ScalingConfig and ProvisionedPollerConfig exclude each other.");
}
