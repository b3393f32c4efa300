import type { VersionScaling, StackResource } from "../aws/ports.ts";
import { isRecord } from "../is-record.ts";
import { DEFAULT_MIN_ENVIRONMENTS, MAX_ENVIRONMENTS } from "../synth/environments.ts";
import type { TemplateResources } from "./template-resources.ts";

export interface VersionName {
  readonly functionName: string;
  /** `$LATEST.PUBLISHED` or a number. */
  readonly qualifier: string;
}

export const latestPublished = "$LATEST.PUBLISHED";

/** Its environments were set to none (botocore service model lambda, State). */
export function isStopped(state: string | undefined): boolean {
  return state === "Deactivating" || state === "Deactivated";
}

export interface Declared {
  /** undefined: the template gives it by reference, so that only CloudFormation knows it. */
  readonly limits: Required<VersionScaling> | undefined;
}

/**
 * What the deployed template says of a version's environments; Lambda's own limits where it says nothing.
 * @returns undefined where the version is not the stack's: somebody else published it
 */
export function declaredScaling(
  { functionName, qualifier }: VersionName,
  resources: readonly StackResource[],
  template: TemplateResources,
): Declared | undefined {
  const isOf =
    qualifier === latestPublished
      ? ({ type, physicalId }: StackResource) =>
          type === "AWS::Lambda::Function" && physicalId === functionName
      : ({ type, physicalId }: StackResource) =>
          type === "AWS::Lambda::Version" &&
          physicalId?.endsWith(`:${functionName}:${qualifier}`) === true;
  const resource = resources.find(isOf);
  if (resource === undefined) return undefined;
  const config = template[resource.logicalId]?.Properties?.["FunctionScalingConfig"];
  if (config === undefined) return { limits: defaultLimits };
  if (!isRecord(config)) return { limits: undefined };
  const min = wholeOr(config["MinExecutionEnvironments"], defaultLimits.min);
  const max = wholeOr(config["MaxExecutionEnvironments"], defaultLimits.max);
  return { limits: min === undefined || max === undefined ? undefined : { min, max } };
}

/**
 * Lambda's own minimum, and the most that its API takes, which is as good as no limit: both together, since Lambda's
 * guides set both, and what one of them alone means is written nowhere.
 */
export const defaultLimits = { min: DEFAULT_MIN_ENVIRONMENTS, max: MAX_ENVIRONMENTS } as const;

/** Templates have numbers as text, too. undefined: a reference. */
function wholeOr(value: unknown, otherwise: number): number | undefined {
  if (value === undefined) return otherwise;
  const number =
    typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isInteger(number) ? number : undefined;
}
