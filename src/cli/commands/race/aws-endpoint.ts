import type { Deps } from "../../deps.ts";
import { stateFolder } from "../../local/state-folder.ts";

/**
 * Where an SDK's calls to AWS go with `--network`: to the project's local target, which has what `deploy --local` and
 * `dev` have made. Nothing: none runs, which is told.
 */
export async function awsEndpoint(
  projectDir: string,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<string | undefined> {
  const { findRunning } = await import("../../local/target-file.ts");
  const target = await findRunning(stateFolder(system, projectDir), system);
  reporter.info(
    target
      ? `Calls to AWS go to the local target at ${target.endpoint}.`
      : "Calls to AWS find nobody: no local target of the project runs. Start it: lmi local up",
  );
  return target?.endpoint;
}
