import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { capacityProviderName } from "./arns.ts";
import type { VersionDocument } from "./documents.ts";
import type { LambdaStore } from "./store.ts";

/** Name of the capacity provider that a configuration names. */
export function providerNameOf(configuration: FunctionConfiguration): string | undefined {
  const arn =
    configuration.CapacityProviderConfig?.LambdaManagedInstancesCapacityProviderConfig
      ?.CapacityProviderArn;
  return arn === undefined ? undefined : capacityProviderName(arn);
}

/** The versions that a capacity provider is associated with, `$LATEST` included. */
export function versionsUsing(
  store: LambdaStore,
  region: string,
  providerName: string,
): VersionDocument[] {
  return store.versions
    .list(region)
    .filter(
      ({ configuration, serving }) =>
        providerNameOf(configuration) === providerName ||
        (serving && providerNameOf(serving.configuration) === providerName),
    );
}
