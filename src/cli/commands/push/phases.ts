import type { Phase } from "../deploy/time-limit.ts";

/** Nothing but reading has happened: building, comparing. */
export const beforePush: Phase = { awsGoesOn: "Nothing was changed.", comeBack: "lmi push" };

/** In `$LATEST`, which on managed instances answers nobody. */
export const stored: Phase = {
  awsGoesOn:
    "The new code may be stored at Lambda, but is not published: the version before goes on answering.",
  comeBack: "lmi push   (goes on from there)",
};

export const published: Phase = {
  awsGoesOn:
    "It is published. Lambda goes on starting its environments; until they are ready the version before answers.",
  comeBack: "lmi push   (waits for it)   or   lmi status",
  isUnderWay: true,
};
