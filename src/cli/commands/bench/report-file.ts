import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import type { LmiError } from "../../../errors.ts";
import { makeFolder, shared } from "../../../local/make-folder.ts";
import { pageNotWritable } from "../../page-not-writable.ts";
import type { System } from "../../system.ts";

/**
 * The file of the report, and its folder made. Tried before anything is sent: a run is too dear to be measured and lost.
 * @returns its absolute path
 * @throws LMI_OUTPUT_NOT_WRITABLE
 */
export async function reportFile(
  name: string | undefined,
  functionName: string,
  { cwd, now }: Pick<System, "cwd" | "now">,
): Promise<string> {
  const file = resolve(cwd, name ?? join(".lmi", usualName(functionName, now())));
  try {
    makeFolder(dirname(file), shared);
    const isNew = !existsSync(file);
    await (await open(file, "a")).close();
    if (isNew) await rm(file);
  } catch (error) {
    throw reportNotWritable(file, error);
  }
  return file;
}

export const reportNotWritable = (file: string, error: unknown): LmiError =>
  pageNotWritable("report", file, error, "Another place: --report <file>");

function usualName(functionName: string, now: Date): string {
  const safe = functionName.replaceAll(/[^\w-]+/g, "_");
  return `bench-${safe}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}.html`;
}
