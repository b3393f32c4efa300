import { LmiError } from "../../../errors.ts";

const command = /\blmi (deploy|destroy|bootstrap|invoke|logs|status)\b(?! --local)/g;

/** Advice after a failure on the local target must stay there: adds `--local` to each command in it. */
export async function sayingLocal<T>(local: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!local || !(error instanceof LmiError) || error.next === undefined) throw error;
    const { code, message, why, next, exitCode, details, cause } = error;
    const advice = next.replaceAll(command, "lmi $1 --local");
    throw new LmiError(code, message, {
      next: advice,
      exitCode,
      cause,
      ...(why === undefined ? {} : { why }),
      ...(details ? { details } : {}),
    });
  }
}
