import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { VersionDocument } from "./documents.ts";
import { defaultMinEnvironments } from "./limits.ts";

/** Environments that a version has at rest: its minimum, or 3. */
export function environmentsOf(version: VersionDocument): number {
  const scaling = version.requestedScaling ?? version.appliedScaling;
  const { MinExecutionEnvironments: min, MaxExecutionEnvironments: max } = scaling ?? {};
  return Math.max(1, Math.min(min ?? defaultMinEnvironments, max ?? Number.MAX_SAFE_INTEGER));
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
