import type { Aws, StackState } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";
import type { Candidate } from "./choose.ts";

/**
 * Reads the hash of deployed code that nobody has kept, which so far is known by its key alone: only by the hash it is
 * one code with what a rollback to it has kept. Where it cannot be read, its key has to do.
 */
export function hashDeployed(
  all: readonly Candidate[],
  stack: StackState,
  { assets }: Pick<Aws, "assets">,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const hashed = all.map(async (each) => {
    if (each.codeSha256 !== undefined) return each;
    try {
      return { ...each, codeSha256: await assets.sha256(stack, each.key, signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof LmiError)) throw error;
      return each;
    }
  });
  return Promise.all(hashed);
}
