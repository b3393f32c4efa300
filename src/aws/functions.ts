import type { GetFunctionConfigurationCommandOutput } from "@aws-sdk/client-lambda";

import { LmiError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type {
  Functions,
  FunctionState,
  InvokeRequest,
  InvokeResponse,
  LiveProperties,
} from "./ports.ts";
import type { AwsTarget } from "./target.ts";

export function createFunctions({ target }: Connection, lambda: LambdaConnection): Functions {
  return {
    invoke: (request) => explained(target, () => invoke(request, target, lambda)),
    find: (name, qualifier) =>
      explained(target, async () => {
        const found = await configuration(name, qualifier, lambda);
        return found && toState(name, found);
      }),
    properties: (name) => explained(target, () => properties(name, lambda)),
  };
}

async function invoke(
  request: InvokeRequest,
  target: AwsTarget,
  lambda: LambdaConnection,
): Promise<InvokeResponse> {
  const { sdk, client } = await lambda();
  const command = new sdk.InvokeCommand({
    FunctionName: request.functionName,
    Payload: request.payload,
    InvocationType: request.asynchronous ? "Event" : "RequestResponse",
    ...(request.qualifier === undefined ? {} : { Qualifier: request.qualifier }),
  });
  const options = request.signal ? { abortSignal: request.signal } : {};
  const answer = await client.send(command, options).catch(async (error: unknown) => {
    throw notInvocable(error, request, target) ?? (await paused(request, error, lambda)) ?? error;
  });
  return {
    statusCode: answer.StatusCode ?? 0,
    requestId: answer.$metadata.requestId ?? "",
    executedVersion: answer.ExecutedVersion,
    functionError: answer.FunctionError,
    payload: answer.Payload ?? new Uint8Array(),
  };
}

/** A version that was stopped refuses as one that is only busy does: its state tells them apart. */
async function paused(
  { functionName, qualifier = published }: InvokeRequest,
  error: unknown,
  lambda: LambdaConnection,
): Promise<LmiError | undefined> {
  if (!(error instanceof Error) || error.name !== "ResourceConflictException") return undefined;
  // Who may invoke may not be allowed to look; the refusal itself is then all that is known.
  const found = await configuration(functionName, qualifier, lambda).catch(() => undefined);
  if (found?.State !== "Deactivated" && found?.State !== "Deactivating") return undefined;
  return new LmiError("LMI_FUNCTION_PAUSED", `${functionName} is paused: it is ${found.State}.`, {
    why: "None of its environments runs, and none comes by itself: it was paused by `lmi pause`, by a schedule, or by maxEnvironments 0 in its settings.",
    next: "lmi resume",
    details: { functionName, qualifier, state: found.State },
    cause: error,
  });
}

/** The two failures of Invoke that mean "deploy first". */
function notInvocable(
  error: unknown,
  { functionName, qualifier }: InvokeRequest,
  target: AwsTarget,
): LmiError | undefined {
  if (!(error instanceof Error)) return undefined;
  const flag = target.local ? " --local" : "";
  if (error.name === "ResourceNotFoundException") {
    const version = qualifier === undefined ? "" : ` with version or alias ${qualifier}`;
    return new LmiError(
      "LMI_FUNCTION_NOT_FOUND",
      `There is no function ${functionName}${version} in region ${target.region}${target.local ? " of the local target" : ""}.`,
      { why: error.message, next: `Deploy it: lmi deploy${flag}`, cause: error },
    );
  }
  if (error.name === "NoPublishedVersionException") {
    return new LmiError("LMI_NOTHING_PUBLISHED", `${functionName} has no published version.`, {
      why: "On Lambda Managed Instances requests go to $LATEST.PUBLISHED, and nothing is published there yet.",
      next: `Publish it: lmi deploy${flag}`,
      cause: error,
    });
  }
  return undefined;
}

/** What an unqualified invoke runs (Lambda developer guide, lambda-managed-instances-version-publishing). */
const published = "$LATEST.PUBLISHED";

async function properties(
  name: string,
  lambda: LambdaConnection,
): Promise<LiveProperties | undefined> {
  const [latest, running] = await Promise.all([
    configuration(name, undefined, lambda),
    configuration(name, published, lambda),
  ]);
  if (latest === undefined) return undefined;
  const scaling = running && (await requestedScaling(name, lambda));
  return { ...latest, PublishedCodeSha256: running?.CodeSha256, FunctionScalingConfig: scaling };
}

async function requestedScaling(name: string, lambda: LambdaConnection) {
  const { sdk, client } = await lambda();
  const command = new sdk.GetFunctionScalingConfigCommand({
    FunctionName: name,
    Qualifier: published,
  });
  return (await client.send(command)).RequestedFunctionScalingConfig;
}

async function configuration(
  name: string,
  qualifier: string | undefined,
  lambda: LambdaConnection,
): Promise<GetFunctionConfigurationCommandOutput | undefined> {
  const { sdk, client } = await lambda();
  try {
    const command = new sdk.GetFunctionConfigurationCommand({
      FunctionName: name,
      ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
    });
    return await client.send(command);
  } catch (error) {
    if (error instanceof sdk.ResourceNotFoundException) return undefined;
    throw error;
  }
}

function toState(name: string, answer: GetFunctionConfigurationCommandOutput): FunctionState {
  const modified = Date.parse(answer.LastModified ?? "");
  const managed = answer.CapacityProviderConfig?.LambdaManagedInstancesCapacityProviderConfig;
  return {
    functionName: answer.FunctionName ?? name,
    functionArn: answer.FunctionArn ?? "",
    version: answer.Version ?? "",
    runtime: answer.Runtime,
    memoryMb: answer.MemorySize,
    codeSha256: answer.CodeSha256,
    state: answer.State,
    stateReason: answer.StateReason,
    stateReasonCode: answer.StateReasonCode,
    lastUpdateStatus: answer.LastUpdateStatus,
    lastUpdateStatusReason: answer.LastUpdateStatusReason,
    lastUpdateStatusReasonCode: answer.LastUpdateStatusReasonCode,
    revisionId: answer.RevisionId,
    capacityProviderArn: managed?.CapacityProviderArn,
    logGroup: answer.LoggingConfig?.LogGroup,
    ...(Number.isNaN(modified) ? {} : { lastModified: new Date(modified) }),
    ...(answer.Description ? { description: answer.Description } : {}),
  };
}
