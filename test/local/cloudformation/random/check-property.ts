import * as fc from "fast-check";
import process from "node:process";

export interface Runs {
  readonly numRuns: number;
  /** Without one always the same cases. */
  readonly seed?: number;
}

/**
 * What is wrong with a property, with the smallest case that shows it; undefined when it holds. `LMI_TEST_SEED` and
 * `LMI_TEST_RUNS` try other cases than usual; the seed is in the answer.
 */
export async function counterexample<Case>(
  cases: fc.Arbitrary<Case>,
  check: (one: Case) => Promise<void>,
  { numRuns, seed = 20_261_125 }: Runs,
): Promise<string | undefined> {
  const result = await fc.check(fc.asyncProperty(cases, check), {
    seed: Number(process.env["LMI_TEST_SEED"] ?? seed),
    numRuns: Number(process.env["LMI_TEST_RUNS"] ?? numRuns),
    includeErrorInReport: true,
  });
  return result.failed ? await fc.asyncDefaultReportMessage(result) : undefined;
}
