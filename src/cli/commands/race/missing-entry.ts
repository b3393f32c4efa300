import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { FunctionSettings } from "../../../synth/settings.ts";
import { similarFile } from "../../../synth/similar-file.ts";

/** Fails with LMI_ENTRY_NOT_FOUND, exit code 2, where the source of a function is not there. */
export async function refuseMissingEntry(
  { entry }: Pick<FunctionSettings, "entry">,
  projectDir: string,
): Promise<void> {
  const file = resolve(projectDir, entry);
  if (await stat(file).catch(() => undefined)) return;
  const nearest = await similarFile(file, projectDir);
  throw new LmiError("LMI_ENTRY_NOT_FOUND", `There is no ${entry}`, {
    why: `The entry of the function is ${file}.`,
    next: `lmi race --entry ${nearest ?? "src/handler.ts"}`,
    exitCode: ExitCode.usage,
    details: { entry, ...(nearest === undefined ? {} : { nearest }) },
  });
}
