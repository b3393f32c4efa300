import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ExitCode, LmiError } from "../errors.ts";

/** One file of a function's code. */
export interface CodeFile {
  /** Inside the archive, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

export interface CodeArchive {
  readonly assetPath: string;
  readonly assetHash: string;
  readonly zipSize: number;
  readonly unpackedSize: number | undefined;
}

/** The oldest time that a .zip can tell: the time of building must not show in the archive. */
const FIXED_TIME = new Date(1980, 0, 1);
/** Part of every hash: raise it when the same files come to another archive. */
const ARCHIVE_FORMAT = "1";

/** Packs files into `<outdir>/<hash>.zip`. The same files give the same bytes: order, times and owners are fixed. */
export async function packFiles(files: readonly CodeFile[], outdir: string): Promise<CodeArchive> {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const { zipSync } = await import("fflate");
  const zipped = zipSync(
    Object.fromEntries(
      sorted.map((file) => [
        file.path,
        [
          file.bytes,
          { mtime: FIXED_TIME, os: 3, attrs: (file.executable ? 0o100755 : 0o100644) << 16 },
        ],
      ]),
    ),
  );
  const assetHash = hashFiles(sorted);
  const assetPath = await place(zipped, assetHash, outdir);
  const unpackedSize = sorted.reduce((sum, file) => sum + file.bytes.length, 0);
  return { assetPath, assetHash, zipSize: zipped.length, unpackedSize };
}

/** Copies a ready-made archive as it is. */
export async function takeZip(file: string, outdir: string): Promise<CodeArchive> {
  const bytes = await readFile(file);
  // A .zip begins with PK: anything else would fail only at AWS, minutes later.
  if (bytes.subarray(0, 2).toString("latin1") !== "PK") {
    throw new LmiError("LMI_BUNDLE_FAILED", `${file} is not a .zip file`, {
      why: "Its first bytes are not those of a .zip archive.",
      exitCode: ExitCode.usage,
    });
  }
  const assetHash = createHash("sha256").update(bytes).digest("hex");
  const assetPath = await place(bytes, assetHash, outdir);
  return { assetPath, assetHash, zipSize: bytes.length, unpackedSize: undefined };
}

/** All files below a folder; links are followed, because a .zip cannot say where they point. */
export async function readFolder(folder: string): Promise<CodeFile[]> {
  const found: { readonly name: string; readonly executable: boolean }[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const stats = await statThroughLinks(folder, name);
    if (stats.isFile()) found.push({ name, executable: (stats.mode & 0o111) !== 0 });
  }
  const files: CodeFile[] = [];
  // Only now: links in a circle show the same files some 40 times before they fail.
  for (const { name, executable } of found) {
    const bytes = await readFile(path.join(folder, name));
    files.push({ path: name.split(path.sep).join("/"), bytes, executable });
  }
  if (files.length > 0) return files;
  throw new LmiError("LMI_ENTRY_NOT_FOUND", `The folder ${folder} is empty`, {
    why: "A function needs at least the file of its handler.",
    exitCode: ExitCode.usage,
  });
}

async function statThroughLinks(folder: string, name: string): Promise<Stats> {
  try {
    return await stat(path.join(folder, name));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOENT" && code !== "ELOOP") throw error;
    const link = await firstLink(folder, name, code === "ELOOP");
    if (link === undefined) throw error;
    throw new LmiError(
      "LMI_ENTRY_NOT_FOUND",
      `The link ${path.join(folder, link.name)} leads ${code === "ELOOP" ? "in a circle" : "nowhere"}`,
      {
        why: `It points to ${link.target}. Links are followed, because a .zip holds the files themselves.`,
        next: "Mend the link, or remove it",
        exitCode: ExitCode.usage,
        cause: error,
      },
    );
  }
}

/** The link that a name is or, in a circle, the first one that it goes through. */
async function firstLink(
  folder: string,
  name: string,
  circle: boolean,
): Promise<{ readonly name: string; readonly target: string } | undefined> {
  const parts = name.split(path.sep);
  for (let length = circle ? 1 : parts.length; length <= parts.length; length += 1) {
    const candidate = parts.slice(0, length).join(path.sep);
    const target = await readlink(path.join(folder, candidate)).catch(() => undefined);
    if (target !== undefined) return { name: candidate, target };
  }
  return undefined;
}

function hashFiles(files: readonly CodeFile[]): string {
  const hash = createHash("sha256").update(ARCHIVE_FORMAT);
  for (const file of files) {
    hash
      .update(`\0${file.path}\0${file.executable ? "x" : "-"}${file.bytes.length}\0`)
      .update(file.bytes);
  }
  return hash.digest("hex");
}

async function place(bytes: Uint8Array, hash: string, outdir: string): Promise<string> {
  await mkdir(outdir, { recursive: true });
  const file = path.resolve(outdir, `code.${hash}.zip`);
  await writeFile(file, bytes);
  return file;
}
