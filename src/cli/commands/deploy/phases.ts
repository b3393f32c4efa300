import type { AwsTarget } from "../../../aws/target.ts";
import type { Phase } from "./time-limit.ts";

/** Nothing but reading has happened: building, comparing, asking. */
export const preparing: Phase = {
  awsGoesOn: "Nothing was changed.",
  comeBack: "lmi deploy",
};

/** Before CloudFormation touches the stack. */
export const beforeCloudFormation: Phase = {
  awsGoesOn:
    "CloudFormation may still be preparing the region or deleting the failed stack. Nothing of this version is deployed yet.",
  comeBack: "lmi deploy   (goes on from what is there)",
};

/** Code goes to the bucket, and CloudFormation compares. */
export const uploading: Phase = {
  awsGoesOn: "It was still uploading. Nothing of this version is deployed yet.",
  comeBack: "lmi deploy",
};

export function duringCloudFormation({ local }: Pick<AwsTarget, "local">): Phase {
  const goesOn = "CloudFormation goes on with the stack by itself, to the end or back to what was.";
  return {
    awsGoesOn: local ? goesOn : `${goesOn} What it makes costs money from now on.`,
    comeBack: "lmi deploy --attach   (waits for it)   or   lmi status",
    isUnderWay: true,
  };
}

/** CloudFormation is done, Lambda is not. */
export const afterCloudFormation: Phase = {
  awsGoesOn: "The stack is deployed. Lambda goes on starting instances and environments.",
  comeBack: "lmi deploy --attach   (waits until it answers)   or   lmi status",
  isUnderWay: true,
};

export function duringDeletion({ local }: Pick<AwsTarget, "local">): Phase {
  const goesOn = "CloudFormation goes on deleting by itself.";
  return {
    awsGoesOn: local ? goesOn : `${goesOn} What is not deleted yet still costs money.`,
    comeBack: "lmi destroy   (goes on from here)",
    isUnderWay: true,
  };
}

/** Another change is under way, and must end before the deletion begins. */
export const beforeDeletion: Phase = {
  awsGoesOn:
    "CloudFormation goes on with the change that was under way. Nothing was deleted by this command.",
  comeBack: "lmi destroy   (waits for it again)",
};
