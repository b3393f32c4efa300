import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import { LmiError } from "../../../errors.ts";
import type { System } from "../../system.ts";

/** Writes the answer as `--output` says, as it came. */
export async function writeAnswer(
  file: string,
  payload: Uint8Array,
  system: Pick<System, "cwd">,
): Promise<void> {
  const path = resolve(system.cwd, file);
  try {
    await writeFile(path, payload);
  } catch (error) {
    throw new LmiError("LMI_OUTPUT_NOT_WRITABLE", `The answer cannot be written to ${path}.`, {
      why: `${error instanceof Error ? error.message : String(error)}\nThe function did run.`,
      cause: error,
    });
  }
}
