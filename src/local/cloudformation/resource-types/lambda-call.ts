import { ServiceError } from "../../service-error.ts";
import type { ResourceContext } from "../resource-type.ts";
import { hasCode, unlessMissing } from "./repeatable.ts";
import { waitFor } from "./waiting.ts";

export const missing = ["ResourceNotFoundException"];
export const taken = ["ResourceConflictException"];

/** The part of Lambda's FunctionConfiguration that waiting needs. */
export interface FunctionStatus {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly State?: string;
  readonly StateReason?: string;
  readonly StateReasonCode?: string;
  readonly LastUpdateStatus?: string;
  readonly LastUpdateStatusReason?: string;
  readonly LastUpdateStatusReasonCode?: string;
}

export function callLambda<Output extends object>(
  context: ResourceContext,
  operation: string,
  input: object,
): Promise<Output> {
  return context.call<Output>("lambda", operation, input, context.caller);
}

/**
 * Calls what Lambda refuses while the version changes, as soon as it no longer does. A change can be under way from
 * the step before, or from the same step before the target was restarted.
 */
export function callWhenFree<Output extends object>(
  context: ResourceContext,
  operation: string,
  input: { readonly FunctionName: string; readonly [member: string]: unknown },
): Promise<Output> {
  return waitFor(context, `A change of function '${input.FunctionName}'`, async () => {
    try {
      return await callLambda<Output>(context, operation, input);
    } catch (error) {
      if (hasCode(error, taken) && inProgress.test(String(error))) return undefined;
      throw error;
    }
  });
}

const inProgress = /An update is in progress for resource/;

/**
 * Waits until a function, or one of its versions, has come to rest. CloudFormation reports a version that
 * fails as a resource that "did not stabilize", with the reason of Lambda.
 */
export function untilSettled(
  type: string,
  FunctionName: string,
  Qualifier: string | undefined,
  context: ResourceContext,
): Promise<FunctionStatus> {
  const identifier = `Resource of type '${type}' with identifier '${FunctionName}'`;
  return waitFor(context, identifier, async () => {
    const status = await callLambda<FunctionStatus>(context, "GetFunctionConfiguration", {
      FunctionName,
      ...(Qualifier === undefined ? {} : { Qualifier }),
    });
    const failure = failureOf(status);
    if (failure) {
      const version = Qualifier === undefined ? "" : ` Version ${Qualifier}:`;
      throw new ServiceError(
        "NotStabilized",
        `${identifier} did not stabilize.${version} ${failure}`,
      );
    }
    const moving =
      status.LastUpdateStatus === "InProgress" ||
      ["Pending", "Deactivating", "Deleting"].includes(status.State ?? "Active");
    return moving ? undefined : status;
  });
}

function failureOf(status: FunctionStatus): string | undefined {
  if (status.State === "Failed") {
    return reason(status.StateReasonCode, status.StateReason, "State is Failed.");
  }
  if (status.LastUpdateStatus === "Failed") {
    return reason(
      status.LastUpdateStatusReasonCode,
      status.LastUpdateStatusReason,
      "LastUpdateStatus is Failed.",
    );
  }
  return undefined;
}

function reason(code: string | undefined, text: string | undefined, fallback: string): string {
  if (code === undefined) return text ?? fallback;
  return text === undefined ? code : `${code}: ${text}`;
}

/** Deletes a function or one of its versions; on Managed Instances the deletion goes on after the answer. */
export async function deleteAndWait(
  FunctionName: string,
  Qualifier: string | undefined,
  context: ResourceContext,
): Promise<void> {
  const input = { FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) };
  const look = () =>
    unlessMissing(missing, () =>
      callLambda<FunctionStatus>(context, "GetFunctionConfiguration", input),
    );
  try {
    await unlessMissing(missing, () => callLambda(context, "DeleteFunction", input));
  } catch (error) {
    // Asked again after a restart: the first deletion is still going on.
    const deleting = hasCode(error, taken) && (await look())?.State === "Deleting";
    if (!deleting) throw error;
  }
  await waitFor(context, `The deletion of function '${FunctionName}'`, async () =>
    (await look()) ? undefined : true,
  );
}
