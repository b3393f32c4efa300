import process from "node:process";
import type { TestContext } from "vitest";

/** Where this machine lacks what a test needs: in CI (`CI` is set) that is an error, nothing is skipped there. */
export function errorInCi(reason: string): void {
  const { CI } = process.env;
  if (CI !== undefined && CI !== "" && CI !== "false") throw new Error(reason);
}

/** Skips a test whose machine lacks what it needs, but in CI. */
export function skipped(context: Pick<TestContext, "skip">, reason: string): never {
  errorInCi(reason);
  return context.skip(reason);
}
