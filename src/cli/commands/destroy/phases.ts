import type { AwsTarget } from "../../../aws/target.ts";
import { leftThings, perDayOf } from "../../../deploy/left-behind.ts";
import { inBrief, type Remains } from "../../../deploy/remains.ts";
import { aDay } from "../../../synth/cost/day-cost.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import type { Phase } from "../deploy/time-limit.ts";

const comeBack = "lmi destroy   (goes on from here)";

/** Looking and asking. */
export const beforeDestroying: Phase = {
  awsGoesOn: "Nothing was deleted by this command.",
  comeBack: "lmi destroy",
};

/** CloudFormation is told what to keep. */
export const marking: Phase = {
  awsGoesOn: "CloudFormation goes on marking what is to be kept. Nothing was deleted.",
  comeBack,
  isUnderWay: true,
};

/** Published versions are deleted one by one. */
export function pruning({ local }: Pick<AwsTarget, "local">): Phase {
  const goesOn =
    "Lambda goes on deleting the versions that were begun. Nothing else of the stack was deleted.";
  return {
    awsGoesOn: local ? goesOn : `${goesOn} It costs money as before.`,
    comeBack,
    isUnderWay: true,
  };
}

/** Looking at what a destroy before this one has left. */
export const afterDestroying: Phase = {
  awsGoesOn: "The stack is gone. Nothing was changed by this command.",
  comeBack: "lmi destroy",
};

/** The last work: what `lmi rollback` would have gone back to. */
export const forgetting: Phase = {
  awsGoesOn: "The stack is gone. Code that was kept for lmi rollback may still be in the bucket.",
  comeBack: "lmi destroy   (removes it)",
};

/** Before the first look. */
export const nothingSeen: Remains = { providers: [], instances: [], interfaces: [], foreign: [] };

/** CloudFormation is done, and EC2 is not. */
export function endingIn(
  remains: Remains,
  { local }: Pick<AwsTarget, "local">,
  prices: PriceList,
): Phase {
  const what = inBrief(remains);
  const sum = perDayOf(leftThings({ remains }, prices));
  const costs = local || sum === 0 ? "" : ` Until then it costs ${aDay(sum)}.`;
  return {
    awsGoesOn: `CloudFormation is done with the stack. AWS goes on ending what ran${what === "" ? "" : `: ${what}`}.${costs}`,
    comeBack: "lmi destroy   (goes on waiting)",
    isUnderWay: true,
  };
}
