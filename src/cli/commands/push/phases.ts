import type { KeptBy } from "../../../aws/ports.ts";
import { shortHash } from "../../../deploy/code-hash.ts";
import type { PushStage } from "../../../deploy/push-function.ts";
import type { Phase } from "../deploy/time-limit.ts";

/** Nothing but reading has happened: building, comparing. */
export const beforePush: Phase = { awsGoesOn: "Nothing was changed.", comeBack: "lmi push" };

/** What each stage says, and why one comes back to it. */
const stages: Readonly<
  Record<PushStage, Pick<Phase, "awsGoesOn" | "isUnderWay"> & { why: string }>
> = {
  // In `$LATEST`, which on managed instances answers nobody.
  stored: {
    awsGoesOn:
      "The new code may be stored at Lambda, but is not published: the version before goes on answering.",
    why: "goes on from there",
  },
  publishing: {
    awsGoesOn:
      "The new code is stored at Lambda, and may be published already: then Lambda goes on starting its environments.",
    why: "goes on from there",
    isUnderWay: true,
  },
  published: {
    awsGoesOn:
      "It is published. Lambda goes on starting its environments; until they are ready the version before answers.",
    why: "waits for it",
    isUnderWay: true,
  },
};

export function pushPhase(stage: PushStage, by: KeptBy): Phase {
  return phaseOf(stage, `lmi ${by}`);
}

/**
 * A rollback names where it goes: by then that may be what runs, and a plain `lmi rollback` would go back further.
 * @param codeSha256 undefined where nobody has written down the hash of what CloudFormation deployed
 */
export function rollbackPhase(
  stage: PushStage,
  functionName: string,
  codeSha256: string | undefined,
): Phase {
  const named = `lmi rollback ${functionName}`;
  const to = codeSha256 === undefined ? undefined : `${named} --to ${shortHash(codeSha256)}`;
  // It is published, and known to Lambda alone.
  if (to === undefined && stage !== "stored") return { ...stages[stage], comeBack: "lmi status" };
  return phaseOf(stage, to ?? named);
}

function phaseOf(stage: PushStage, command: string): Phase {
  const { why, ...goesOn } = stages[stage];
  const look = stage === "published" ? "   or   lmi status" : "";
  return { ...goesOn, comeBack: `${command}   (${why})${look}` };
}
