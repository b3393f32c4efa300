import { CfnEventSourceMapping } from "../cdk.ts";
import type { EventParts } from "./event-parts.ts";

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
