import type { AwsTarget } from "../../../aws/target.ts";
import type { Phase } from "../deploy/time-limit.ts";

export const beforePausing: Phase = { awsGoesOn: "Nothing was changed.", comeBack: "lmi pause" };

export function duringPausing({ local }: Pick<AwsTarget, "local">): Phase {
  const goesOn = "Lambda goes on stopping what it was told to stop.";
  return {
    awsGoesOn: local ? goesOn : `${goesOn} Instances cost until they are gone.`,
    comeBack: "lmi pause   (goes on from here)   or   lmi status",
    isUnderWay: true,
  };
}

export const beforeResuming: Phase = { awsGoesOn: "Nothing was changed.", comeBack: "lmi resume" };

export function duringResuming({ local }: Pick<AwsTarget, "local">): Phase {
  const goesOn = "Lambda goes on starting what it was told to start.";
  return {
    awsGoesOn: local ? goesOn : `${goesOn} Instances cost from now on.`,
    comeBack: "lmi resume   (goes on from here)   or   lmi status",
    isUnderWay: true,
  };
}
