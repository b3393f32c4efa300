import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  changedSince,
  type Prints,
  stillSo,
  type Witness,
  witnessesOf,
} from "./bundle-witnesses.ts";
import type { CodeFile } from "./code-archive.ts";
import type { BundleInput } from "./import-candidates.ts";

/** Raise it when the same inputs and options come to something else. */
const FORMAT = "2";
/** A bundle is some 100 kB to some MB; the oldest go. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_ENTRIES = 1000;

interface Entry {
  readonly witnesses: readonly Witness[];
  readonly files: readonly { readonly path: string; readonly base64: string }[];
}

export interface BundleRequest {
  /** All that decides about the bundle besides the content of files. */
  readonly key: unknown;
  readonly projectDir: string;
  /** Makes the bundle, and says from which files. */
  readonly build: () => Promise<{
    readonly files: readonly CodeFile[];
    readonly inputs: readonly BundleInput[];
  }>;
}

/**
 * Bundles that were made before, in a folder: taken as long as everything that they were made from is as it was.
 * A saving and nothing else: what is damaged is made anew, and where nothing can be written nothing is kept. Runs at the
 * same time do no harm: an entry comes into its place as a whole.
 */
export class BundleCache {
  readonly #folder: string;
  readonly #prints: Prints = new Map();
  /** Milliseconds. */
  readonly #began = performance.timeOrigin + performance.now();
  #pruned: Promise<void> | undefined;

  /** For one run of lmi: files are looked at once. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async bundle({ key, projectDir, build }: BundleRequest): Promise<readonly CodeFile[]> {
    const id = hashOf(JSON.stringify([FORMAT, projectDir, key]));
    const file = path.join(this.#folder, `${id}.bundle`);
    const known = await readEntry(file);
    if (known && (await stillSo(known.witnesses, projectDir, this.#prints))) {
      // What is used stays longest.
      await utimes(file, new Date(), new Date()).catch(() => undefined);
      return known.files.map(toCodeFile);
    }
    const { files, inputs } = await build();
    const witnesses = await witnessesOf(inputs, projectDir, this.#prints);
    if (!(await changedSince(witnesses, projectDir, this.#began)))
      await this.#keep(file, { witnesses, files: files.map(fromCodeFile) }).catch(() => undefined);
    return files;
  }

  async #keep(file: string, entry: Entry): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const body = JSON.stringify(entry);
    const beside = `${file}.${randomUUID()}`;
    await writeFile(beside, `${hashOf(body)}\n${body}`, { mode: 0o600 });
    await rename(beside, file);
    this.#pruned ??= prune(this.#folder);
    await this.#pruned;
  }
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** undefined: there is none, or none that is whole. */
async function readEntry(file: string): Promise<Entry | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (end < 0 || hashOf(body) !== text.slice(0, end)) return undefined;
  return JSON.parse(body) as Entry;
}

function toCodeFile({ path: name, base64 }: Entry["files"][number]): CodeFile {
  return { path: name, bytes: Buffer.from(base64, "base64"), executable: false };
}

function fromCodeFile({ path: name, bytes }: CodeFile): Entry["files"][number] {
  return { path: name, base64: Buffer.from(bytes).toString("base64") };
}

/** Removes the oldest where there are too many, and what runs that were killed have left. */
async function prune(folder: string): Promise<void> {
  const names = await readdir(folder);
  const all = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const found = await stat(file).catch(() => undefined);
      return { file, bytes: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
    }),
  );
  const newest = all.toSorted((one, other) => other.used - one.used);
  let bytes = 0;
  const tooMany = newest.filter((entry, index) => {
    bytes += entry.bytes;
    return index >= MAX_ENTRIES || bytes > MAX_BYTES;
  });
  await Promise.all(tooMany.map(({ file }) => rm(file, { force: true })));
}
