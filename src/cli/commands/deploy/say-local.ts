import { LmiError } from "../../../errors.ts";

const command = /\blmi (deploy|destroy|bootstrap|invoke|logs|status)\b(?! --local)/g;

/**
 * Advice after a failure on the local target must stay there: adds `--local` to each command in it. Where the
 * target itself is gone, the same command again starts it and goes on.
 */
export async function sayingLocal<T>(
  local: boolean,
  name: "deploy" | "destroy" | "bootstrap",
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!local || !(error instanceof LmiError)) throw error;
    const { code, message, why, exitCode, details, cause } = error;
    const isGone = code === "LMI_ENDPOINT_UNREACHABLE";
    const next = isGone ? `lmi ${name}   (starts it again and goes on from there)` : error.next;
    if (next === undefined) throw error;
    throw new LmiError(code, message, {
      next: next.replaceAll(command, "lmi $1 --local"),
      exitCode,
      cause,
      ...(why === undefined ? {} : { why }),
      ...(details ? { details } : {}),
    });
  }
}
