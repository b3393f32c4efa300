import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { type VersionName, latestPublished } from "../../../deploy/declared-scaling.ts";
import { ExitCode, LmiError } from "../../../errors.ts";

export interface VersionFailure {
  readonly version: VersionName;
  readonly error: unknown;
}

/** `hello`, or `hello version 3`. */
export function versionInWords({ functionName, qualifier }: VersionName): string {
  return qualifier === latestPublished ? functionName : `${functionName} version ${qualifier}`;
}

/**
 * Does the same to each version: what fails for one keeps nobody else from it. An interruption ends it at once.
 * @returns the versions for which it went well
 */
export async function eachVersion<V extends VersionName>(
  versions: readonly V[],
  failures: VersionFailure[],
  { signal }: Pick<DeployContext, "signal">,
  work: (version: V) => Promise<void>,
): Promise<V[]> {
  const done: V[] = [];
  for (const version of versions) {
    try {
      // One after the other: Lambda takes few such changes a second.
      await work(version);
      done.push(version);
    } catch (error) {
      signal.throwIfAborted();
      failures.push({ version, error });
    }
  }
  return done;
}

/** Where it failed for some, that is the command's failure, and those are named; for all, the first says why. */
export function failIfAny(
  failures: readonly VersionFailure[],
  done: number,
  { verb, again }: { readonly verb: "paused" | "resumed"; readonly again: string },
): void {
  const [first] = failures;
  if (first === undefined) return;
  if (done === 0 && failures.length === 1) throw first.error;
  const lines = failures.map(
    ({ version, error }) =>
      `  ${versionInWords(version)}: ${error instanceof Error ? error.message : String(error)}`,
  );
  throw new LmiError(
    "LMI_SCALING_INCOMPLETE",
    `${done} of ${done + failures.length} versions are ${verb}; the others are not:`,
    {
      why: [
        ...lines,
        ...(verb === "paused" ? ["What is not paused runs on, and costs as before."] : []),
      ].join("\n"),
      next: `${again}   (goes on from there)`,
      exitCode: ExitCode.partial,
      details: {
        failed: failures.map(({ version, error }) => ({
          ...names(version),
          code: error instanceof LmiError ? error.code : undefined,
          message: error instanceof Error ? error.message : String(error),
        })),
      },
      cause: first.error,
    },
  );
}

const names = ({ functionName, qualifier }: VersionName) => ({ functionName, qualifier });
