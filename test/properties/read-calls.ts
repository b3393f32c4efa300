import type { Answer, World } from "./deployed-world.ts";

/** Versions have numbers of Lambda's. */
export async function readAliases(call: World["call"], FunctionName: string) {
  const { Aliases } = await call("lambda", "ListAliases", { FunctionName });
  return Object.fromEntries(
    Aliases.map(({ Name, FunctionVersion }: Answer) => [
      Name,
      /^\d+$/.test(FunctionVersion) ? "version" : FunctionVersion,
    ]),
  );
}

export async function readAsyncInvoke(call: World["call"], FunctionName: string) {
  const Qualifier = "$LATEST.PUBLISHED";
  const config = await call("lambda", "GetFunctionEventInvokeConfig", {
    FunctionName,
    Qualifier,
  }).catch(() => undefined);
  return (
    config && {
      onSuccess: config.DestinationConfig?.OnSuccess?.Destination,
      onFailure: config.DestinationConfig?.OnFailure?.Destination,
      maxEventAge: config.MaximumEventAgeInSeconds,
      retryAttempts: config.MaximumRetryAttempts,
    }
  );
}
