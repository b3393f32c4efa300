import { type RollbackOptions, runRollback } from "../../../src/cli/commands/rollback.ts";
import type { LocalProject } from "../../deploy/local-project.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";

/** `lmi rollback --local`, and what it said. */
export async function rollback(
  project: LocalProject,
  change: Partial<RollbackOptions> = {},
  answer: "yes" | "no" = "yes",
) {
  const deps = project.deps(answer);
  const options = {
    ...sharedDefaults({ local: true }),
    function: undefined,
    to: undefined,
    list: false,
    probe: true,
    maxWait: "5",
  };
  await runRollback({ ...options, ...change }, deps);
  return deps;
}
