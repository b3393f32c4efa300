import type { DestinationConfig } from "@aws-sdk/client-lambda";
import { latest, latestPublished } from "./documents.ts";
import type { LambdaStore } from "./store.ts";
import { qualifiedId } from "./store.ts";

/** How asynchronous invokes of a function, or of one of its qualifiers, are treated. */
export interface EventSettings {
  /** Runs after the first that failed: 0 to 2. */
  readonly retries: number;
  readonly maxAgeMs: number;
  readonly destinations: DestinationConfig;
}

/** Lambda developer guide, invocation-async-configuring: two retries, six hours. */
const defaultRetries = 2;
const defaultMaxAgeSeconds = 21_600;

export function eventSettings(
  { eventInvokeConfigs }: LambdaStore,
  region: string,
  functionName: string,
  qualifier: string | undefined,
): EventSettings {
  const of = (name: string) => eventInvokeConfigs.get(region, qualifiedId(functionName, name));
  // A request without a qualifier runs $LATEST.PUBLISHED; settings without one are kept at $LATEST.
  const document = qualifier === undefined ? (of(latestPublished) ?? of(latest)) : of(qualifier);
  const value = document?.value ?? {};
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig = {} } = value;
  return {
    retries: typeof MaximumRetryAttempts === "number" ? MaximumRetryAttempts : defaultRetries,
    maxAgeMs:
      1000 *
      (typeof MaximumEventAgeInSeconds === "number"
        ? MaximumEventAgeInSeconds
        : defaultMaxAgeSeconds),
    // Kept as it was given: the model's own shape.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    destinations: DestinationConfig as DestinationConfig,
  };
}
