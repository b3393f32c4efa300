import { CfnEventSourceMapping } from "../cdk.ts";
import type { EventParts } from "./event-parts.ts";
import type { Pollers } from "./polling-rules.ts";

type MappingProperties = ConstructorParameters<typeof CfnEventSourceMapping>[2];

/** What every kind of polled source has. */
interface PolledEvent {
  readonly batchSize: number;
  readonly batchWindow?: number | undefined;
  readonly filters: readonly unknown[];
  readonly reportBatchItemFailures: boolean;
  readonly kmsKeyArn?: string | undefined;
  readonly enabled: boolean;
}

/**
 * Lambda polls the source and calls the function. Without a qualifier a mapping of a function on managed instances
 * calls its `$LATEST.PUBLISHED` (Lambda developer guide, lambda-managed-instances-version-publishing).
 */
export function createMapping(
  { stack, id, event, target }: EventParts<PolledEvent>,
  properties: Omit<MappingProperties, "functionName">,
): InstanceType<typeof CfnEventSourceMapping> {
  return new CfnEventSourceMapping(stack, `${id}Mapping`, {
    functionName: target.ref,
    batchSize: event.batchSize,
    enabled: event.enabled,
    ...(event.batchWindow === undefined
      ? {}
      : { maximumBatchingWindowInSeconds: event.batchWindow }),
    ...(event.filters.length === 0
      ? {}
      : {
          filterCriteria: {
            filters: event.filters.map((pattern) => ({ pattern: JSON.stringify(pattern) })),
          },
        }),
    ...(event.reportBatchItemFailures
      ? { functionResponseTypes: ["ReportBatchItemFailures"] }
      : {}),
    ...(event.kmsKeyArn === undefined ? {} : { kmsKeyArn: event.kmsKeyArn }),
    ...properties,
  });
}

/** When a source begins, in CloudFormation's unit. */
export function epochSeconds(time: string | undefined) {
  return time === undefined ? {} : { startingPositionTimestamp: Date.parse(time) / 1000 };
}

interface Retries {
  readonly bisectOnError: boolean;
  readonly retryAttempts?: number | undefined;
  readonly maxRecordAge?: number | undefined;
  readonly onFailure?: string | undefined;
}

/** Of streams and topics: what becomes of batches that fail. */
export function retryProperties({
  bisectOnError,
  retryAttempts,
  maxRecordAge,
  onFailure,
}: Retries) {
  return {
    ...(bisectOnError ? { bisectBatchOnFunctionError: true } : {}),
    ...(retryAttempts === undefined ? {} : { maximumRetryAttempts: retryAttempts }),
    ...(maxRecordAge === undefined ? {} : { maximumRecordAgeInSeconds: maxRecordAge }),
    ...(onFailure === undefined
      ? {}
      : { destinationConfig: { onFailure: { destination: onFailure } } }),
  };
}

export function pollerProperties(
  pollers: (Pollers & { readonly group?: string | undefined }) | undefined,
) {
  if (!pollers) return {};
  const { minimum, maximum, group } = pollers;
  return {
    provisionedPollerConfig: {
      ...(minimum === undefined ? {} : { minimumPollers: minimum }),
      ...(maximum === undefined ? {} : { maximumPollers: maximum }),
      ...(group === undefined ? {} : { pollerGroupName: group }),
    },
  };
}
