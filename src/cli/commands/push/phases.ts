import type { KeptBy } from "../../../aws/ports.ts";
import type { Phase } from "../deploy/time-limit.ts";

/** Nothing but reading has happened: building, comparing. */
export const beforePush: Phase = { awsGoesOn: "Nothing was changed.", comeBack: "lmi push" };

/** In `$LATEST`, which on managed instances answers nobody. */
export function stored(by: KeptBy): Phase {
  return {
    awsGoesOn:
      "The new code may be stored at Lambda, but is not published: the version before goes on answering.",
    comeBack: `lmi ${by}   (goes on from there)`,
  };
}

export function published(by: KeptBy): Phase {
  return {
    awsGoesOn:
      "It is published. Lambda goes on starting its environments; until they are ready the version before answers.",
    comeBack: `lmi ${by}   (waits for it)   or   lmi status`,
    isUnderWay: true,
  };
}
