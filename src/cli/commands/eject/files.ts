import { chmod, copyFile, lstat, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";
import { makeFolder, shared } from "../../../local/make-folder.ts";

/** What goes into a folder, by path relative to it. */
export interface FileSet {
  readonly texts: Readonly<Record<string, string | Binary>>;
  /** Files of the project, absolute. */
  readonly copies: Readonly<Record<string, string>>;
}

interface Binary {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** Writes all or, where files are in the way and `force` does not say to write over them, nothing. */
export async function writeFileSet(
  directory: string,
  { texts, copies }: FileSet,
  force: boolean,
): Promise<readonly string[]> {
  const moved = Object.keys(copies).filter((name) => path.join(directory, name) !== copies[name]);
  const names = [...Object.keys(texts), ...moved];
  if (!force) await assertFree(directory, names);
  try {
    for (const [name, text] of Object.entries(texts)) {
      const file = await placed(directory, name);
      const content = typeof text === "string" ? text : text.bytes;
      await writeFile(file, content, { flag: force ? "w" : "wx" });
      if (typeof text !== "string") await chmod(file, text.executable ? 0o755 : 0o644);
    }
    for (const [name, from] of Object.entries(copies)) {
      const to = await placed(directory, name);
      // The project ejects into its own folder.
      if (to === from) continue;
      await copyFile(from, to);
      await chmod(to, (await stat(from)).mode | 0o200);
    }
  } catch (error) {
    throw new LmiError("LMI_OUTPUT_NOT_WRITABLE", `${directory} cannot be written.`, {
      why: error instanceof Error ? error.message : String(error),
      next: "Name another folder: lmi eject --output <dir>",
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
  return names;
}

async function placed(directory: string, name: string): Promise<string> {
  const file = path.join(directory, name);
  makeFolder(path.dirname(file), shared);
  return file;
}

/** Whatever is in the folder stays as it is, other files than ours too: only what would be written over is in the way. */
async function assertFree(directory: string, names: readonly string[]): Promise<void> {
  const found = await Promise.all(
    names.map(async (name) => ((await exists(path.join(directory, name))) ? [name] : [])),
  );
  const inTheWay = found.flat();
  if (inTheWay.length === 0) return;
  const shown = inTheWay.slice(0, 5).join(", ");
  const more = inTheWay.length > 5 ? ` and ${inTheWay.length - 5} more` : "";
  throw new LmiError("LMI_FILES_IN_THE_WAY", `${directory} already has ${shown}${more}.`, {
    why: "Nothing was written.",
    next: "Name another folder with --output, or write over them: lmi eject --force",
    exitCode: ExitCode.usage,
    details: { files: inTheWay },
  });
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    // Not there, or in a place that cannot be looked into: writing will tell.
    () => false,
  );
}
