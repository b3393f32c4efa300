import { LmiError } from "../../../errors.ts";
import { forSameStack, type Place } from "../../same-stack.ts";

/**
 * After a failure in the middle of work on a local target that is gone, the same command again starts it and goes on.
 * All other advice stays at its stack, too, for whoever runs the work without a command line around it.
 */
export async function sayingLocal<T>(
  place: Place,
  name:
    | "deploy"
    | "destroy"
    | "bootstrap"
    | "invoke"
    | "diff"
    | "pause"
    | "resume"
    | "push"
    | "rollback",
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    const { code, message, why, exitCode, details, cause } = error;
    const isGone = place.local && code === "LMI_ENDPOINT_UNREACHABLE";
    const next = isGone ? `lmi ${name}   (starts it again and goes on from there)` : error.next;
    if (next === undefined) throw error;
    throw new LmiError(code, message, {
      next: forSameStack(next, place),
      exitCode,
      cause,
      ...(why === undefined ? {} : { why }),
      ...(details ? { details } : {}),
    });
  }
}
