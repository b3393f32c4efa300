import { LmiError } from "../../../errors.ts";
import type { Phase } from "./time-limit.ts";

/** What keeps a command from asking AWS, and does not keep AWS from its work. */
const blinding =
  /^LMI_(CREDENTIALS_\w+|THROTTLED|CONNECTION_BROKEN|ENDPOINT_UNREACHABLE|REGION_UNREACHABLE)$/;

/** A command that can no longer see what AWS does says that it goes on, and how to come back to it. */
export async function sayingWhatGoesOn<T>(
  phaseNow: () => Phase,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw lostSight(error, phaseNow());
  }
}

function lostSight(error: unknown, { awsGoesOn, comeBack, isUnderWay }: Phase): unknown {
  if (!(error instanceof LmiError) || !isUnderWay || !blinding.test(error.code)) return error;
  const { code, message, why, next, exitCode, details } = error;
  return new LmiError(code, message, {
    why: [why, awsGoesOn].filter((line) => line !== undefined).join("\n"),
    next: [next, comeBack].filter((line) => line !== undefined).join("\nThen: "),
    exitCode,
    ...(details ? { details } : {}),
    cause: error.cause,
  });
}
