import { access, mkdir, open, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
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
    await makeFolder(dirname(file));
    const isNew = await access(file).then(
      () => false,
      () => true,
    );
    await (await open(file, "a")).close();
    if (isNew) await rm(file);
  } catch (error) {
    throw notWritable(file, error);
  }
  return file;
}

export function notWritable(file: string, error: unknown): LmiError {
  return new LmiError("LMI_OUTPUT_NOT_WRITABLE", `The report cannot be written to ${file}.`, {
    why: error instanceof Error ? error.message : String(error),
    exitCode: ExitCode.usage,
    cause: error,
  });
}

/** One folder after the other: where the system denies that a parent exists (/proc/x), Node's `recursive` has no end. */
async function makeFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch(async (error: unknown) => {
    // Somebody else may have made it meanwhile.
    if (!(await exists(folder))) throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function usualName(functionName: string, now: Date): string {
  const safe = functionName.replaceAll(/[^\w-]+/g, "_");
  return `bench-${safe}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}.html`;
}
