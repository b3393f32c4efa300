import type { Phase } from "./time-limit.ts";

/** Before CloudFormation touches the stack. */
export const beforeCloudFormation: Phase = {
  awsGoesOn:
    "CloudFormation may still be preparing the region or deleting the failed stack. Nothing of this version is deployed yet.",
  comeBack: "lmi deploy   (goes on from what is there)",
};

export const duringCloudFormation: Phase = {
  awsGoesOn:
    "CloudFormation goes on with the stack by itself, to the end or back to what was. What it makes costs money from now on.",
  comeBack: "lmi deploy --attach   (waits for it)   or   lmi status",
};

/** CloudFormation is done, Lambda is not. */
export const afterCloudFormation: Phase = {
  awsGoesOn: "The stack is deployed. Lambda goes on starting instances and environments.",
  comeBack: "lmi deploy --attach   (waits until it answers)   or   lmi status",
};
