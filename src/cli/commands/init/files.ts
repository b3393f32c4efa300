import { access, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import { makeFolder, shared } from "../../../local/make-folder.ts";

/** Fails when one of the files is already there: nothing of the user's is written over unasked. */
export async function filesInTheWay(directory: string, files: readonly string[]): Promise<void> {
  const found = await Promise.all(
    [...new Set(files)].map(async (file) => ((await exists(join(directory, file))) ? [file] : [])),
  );
  const inTheWay = found.flat();
  if (inTheWay.length === 0) return;
  throw new LmiError("LMI_FILES_IN_THE_WAY", `${directory} already has ${inTheWay.join(", ")}.`, {
    why: "Nothing was written.",
    next: "Name another folder, or write over them: lmi init --force",
    exitCode: ExitCode.usage,
    details: { files: inTheWay },
  });
}

export async function writeFiles(
  directory: string,
  files: Readonly<Record<string, string>>,
  { force }: { readonly force: boolean },
): Promise<void> {
  try {
    for (const [file, content] of Object.entries(files)) {
      const path = join(directory, file);
      // In order, so that a failure leaves no later file
      makeFolder(dirname(path), shared);
      // As above
      await writeFile(path, content, { flag: force ? "w" : "wx" });
    }
  } catch (error) {
    throw new LmiError("LMI_INIT_NOT_WRITABLE", `The project cannot be written to ${directory}.`, {
      why: error instanceof Error ? error.message : String(error),
      next: "Name another folder: lmi init <dir>",
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Not there, or in a place that cannot be looked into: writing will tell.
    return false;
  }
}
