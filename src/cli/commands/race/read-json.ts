import { readFile } from "node:fs/promises";
import { relative } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import { quoted } from "../../../aws/quoted.ts";
import { jsonProblem } from "../invoke/json-problem.ts";

/** A file as JSON, and its name as it is shown. Fails with LMI_RACE_EVENTS, exit code 2. */
export async function readJson(
  file: string,
  { cwd, flag }: { readonly cwd: string; readonly flag: "--events" | "--schema" },
): Promise<{ readonly shown: string; readonly value: unknown }> {
  const shown = relative(cwd, file) || file;
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new LmiError("LMI_RACE_EVENTS", `${shown} cannot be read.`, {
      why: error instanceof Error ? error.message : String(error),
      next: "Events of your own: lmi race --events events/sample.json",
      exitCode: ExitCode.usage,
    });
  });
  const problem = jsonProblem(text);
  if (problem)
    throw new LmiError("LMI_RACE_EVENTS", `${shown} is not JSON: ${problem.text}.`, {
      next: `Mend it, then: lmi race ${flag} ${quoted(shown)}`,
      exitCode: ExitCode.usage,
    });
  return { shown, value: JSON.parse(text) as unknown };
}
