import type { CfnResource, Stack } from "aws-cdk-lib/core";
import { CfnEventInvokeConfig, type CfnFunction } from "./cdk.ts";
import type { AsyncInvokeSettings } from "./settings.ts";

/**
 * How asynchronous requests are treated. They stand at `$LATEST.PUBLISHED`, which a request without a qualifier runs
 * (Lambda developer guide, lambda-managed-instances-version-publishing); CloudFormation's schema of the qualifier names
 * it. Version numbers and aliases have settings of their own.
 */
export function createAsyncInvoke(
  stack: Stack,
  id: string,
  resource: InstanceType<typeof CfnFunction>,
  { onSuccess, onFailure, maxEventAge, retryAttempts }: AsyncInvokeSettings,
): CfnResource {
  const destinations = {
    ...(onSuccess ? { onSuccess: { destination: onSuccess } } : {}),
    ...(onFailure ? { onFailure: { destination: onFailure } } : {}),
  };
  return new CfnEventInvokeConfig(stack, `${id}AsyncInvoke`, {
    functionName: resource.ref,
    qualifier: "$LATEST.PUBLISHED",
    ...(Object.keys(destinations).length > 0 ? { destinationConfig: destinations } : {}),
    ...(maxEventAge === undefined ? {} : { maximumEventAgeInSeconds: maxEventAge }),
    ...(retryAttempts === undefined ? {} : { maximumRetryAttempts: retryAttempts }),
  });
}
