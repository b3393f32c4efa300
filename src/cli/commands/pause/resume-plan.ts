import type { VersionScaling } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import {
  declaredScaling,
  defaultLimits,
  type VersionName,
  latestPublished,
} from "../../../deploy/declared-scaling.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { isPaused, type OwnVersion, readVersions } from "../../../deploy/pausing.ts";
import { deployedResources } from "../../../deploy/template-resources.ts";
import { LmiError } from "../../../errors.ts";
import type { FoundStack } from "./paused-stack.ts";

export interface StartVersion extends VersionName {
  readonly limits: Required<VersionScaling> & { readonly min: number; readonly max: number };
}

export interface ResumePlan {
  /** Paused, and to be started with these limits. */
  readonly start: readonly StartVersion[];
  /** Started by an earlier command, or by a schedule, and not there yet. */
  readonly coming: readonly VersionName[];
  /** Paused versions that nothing sends requests to. */
  readonly stay: readonly VersionName[];
}

/** What is paused, and what the deployed template says that it should be. Reads only. */
export async function planResume(found: FoundStack, context: DeployContext): Promise<ResumePlan> {
  const { own } = await readVersions(found.functionNames, found.providers, context);
  const start: StartVersion[] = [];
  const stay: VersionName[] = [];
  for (const version of own.filter(isPaused)) {
    const limits = await wantedLimits(version, found, context);
    const { functionName, qualifier } = version;
    if (limits === undefined) stay.push({ functionName, qualifier });
    else start.push({ functionName, qualifier, limits });
  }
  const coming = own.filter((version) => !isPaused(version) && isComing(version));
  return {
    start,
    coming: coming.map(({ functionName, qualifier }) => ({ functionName, qualifier })),
    stay,
  };
}

function isComing({ state }: OwnVersion): boolean {
  return state === "Pending" || state === "Inactive" || state === "Deactivated";
}

/**
 * The template's limits. A version that is not the stack's (somebody published it by hand) is started with Lambda's
 * own where an alias sends it requests, and otherwise stays as it is: it would cost, and answer nobody.
 */
async function wantedLimits(
  version: VersionName,
  found: FoundStack,
  context: DeployContext,
): Promise<StartVersion["limits"] | undefined> {
  const { functionName, qualifier } = version;
  const declared = declaredScaling(version, found.resources, deployedResources(found.template));
  if (declared === undefined) {
    const aliases = await patiently(context, () => context.aws.versions.aliases(functionName));
    const isAliased = aliases.some(({ versions }) => versions.includes(qualifier));
    return qualifier === latestPublished || isAliased ? defaultLimits : undefined;
  }
  const { min, max } = declared.limits ?? {};
  if (min === undefined || max === undefined) throw unreadable(functionName);
  if (max === 0) throw pausedBySettings(functionName);
  return { min, max };
}

function pausedBySettings(functionName: string): LmiError {
  return new LmiError("LMI_PAUSED_BY_SETTINGS", `${functionName} is deployed to run nowhere.`, {
    why: "Its settings say maxEnvironments 0, so there is nothing to go back to.",
    next: "Raise minEnvironments and maxEnvironments in the settings, then: lmi deploy",
    details: { functionName },
  });
}

function unreadable(functionName: string): LmiError {
  return new LmiError(
    "LMI_PAUSED_BY_SETTINGS",
    `How many environments ${functionName} should have is known to CloudFormation alone.`,
    {
      why: "The deployed template gives its FunctionScalingConfig by reference.",
      next: "Give numbers for minEnvironments and maxEnvironments in the settings, then: lmi deploy",
      details: { functionName },
    },
  );
}
