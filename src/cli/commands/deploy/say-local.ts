import { LmiError } from "../../../errors.ts";
import type { SharedOptions } from "../../shared-options.ts";

const command =
  /\blmi (deploy|destroy|bootstrap|invoke|logs|status|diff|pause|resume|doctor|push|rollback|versions)\b(?: --local\b)?/g;

/** Commands in a text, made to mean the target and the stack that the text is about. */
export function forSameStack(text: string, { local, env }: Place): string {
  const flags = `${local ? " --local" : ""}${env === undefined ? "" : ` --env ${env}`}`;
  return flags === "" ? text : text.replaceAll(command, `lmi $1${flags}`);
}

type Place = Pick<SharedOptions, "local" | "env">;

/**
 * Advice after a failure on the local target or in an environment must stay there: adds `--local` and `--env` to each
 * command in it. Where the local target itself is gone, the same command again starts it and goes on.
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
    if (next === undefined || (!place.local && place.env === undefined)) throw error;
    throw new LmiError(code, message, {
      next: forSameStack(next, place),
      exitCode,
      cause,
      ...(why === undefined ? {} : { why }),
      ...(details ? { details } : {}),
    });
  }
}
