import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { VersionDocument } from "./documents.ts";
import { defaultMinEnvironments, maxEnvironments } from "./limits.ts";

/** Least and most environments of a version: 3 and any number unless its scaling configuration says otherwise. */
export function scalingRange(version: VersionDocument): {
  readonly min: number;
  readonly max: number;
} {
  const scaling = version.requestedScaling ?? version.appliedScaling;
  const { MinExecutionEnvironments: min, MaxExecutionEnvironments } = scaling ?? {};
  const max = MaxExecutionEnvironments ?? maxEnvironments;
  return { min: Math.max(1, Math.min(min ?? defaultMinEnvironments, max)), max: Math.max(1, max) };
}

/** A version with a new state: reasons of the state before do not outlive it. */
export function withState(
  version: VersionDocument,
  state: Partial<FunctionConfiguration>,
): VersionDocument {
  const {
    StateReason: _reason,
    StateReasonCode: _code,
    LastUpdateStatusReason: _updateReason,
    LastUpdateStatusReasonCode: _updateCode,
    ...rest
  } = version.configuration;
  return { ...version, configuration: { ...rest, ...state } };
}

/** The same when the scaling that was asked for is in effect. */
export function scaled(
  version: VersionDocument,
  state: Partial<FunctionConfiguration>,
): VersionDocument {
  const { requestedScaling } = version;
  const changed = withState(version, state);
  return requestedScaling ? { ...changed, appliedScaling: requestedScaling } : changed;
}

/** A version that could not be made ready: what served before goes on to serve. */
export function failed(
  version: VersionDocument,
  reason: string,
  code: NonNullable<FunctionConfiguration["LastUpdateStatusReasonCode"]>,
): VersionDocument {
  const update = {
    LastUpdateStatus: "Failed",
    LastUpdateStatusReason: reason,
    LastUpdateStatusReasonCode: code,
  } as const;
  return version.serving
    ? withState(version, { State: "Active", ...update })
    : withState(version, {
        State: "Failed",
        StateReason: reason,
        StateReasonCode: code,
        ...update,
      });
}
