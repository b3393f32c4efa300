import { randomUUID } from "node:crypto";
import { chmod, mkdir, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import process from "node:process";
import { crc32 } from "node:zlib";
import { entryCounter, zipAttributes } from "./zip-attributes.ts";

/**
 * Unpacks zips into `folder`, each over the one before, unless it is there already, with executable bits and symbolic
 * links. Entries and links never lead out of the folder, and one that is only half written never carries the final name.
 */
export async function unpackOnce(
  zips: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  folder: string,
  maxBytes: number,
): Promise<void> {
  if (await exists(folder)) return;
  const partial = `${folder}.${randomUUID()}.partial`;
  try {
    await mkdir(partial, { recursive: true });
    for await (const zip of zips) await unpackInto(zip, partial, maxBytes);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Somebody else was faster with the same content.
    if (!(await exists(folder))) throw error;
  }
}

/** Unpacks into an existing folder, over what is there; later layers win so. */
export async function unpackInto(zip: Uint8Array, folder: string, maxBytes: number): Promise<void> {
  const place = new Place(await realpath(folder));
  const attributes = zipAttributes(zip);
  const links: [string, string][] = [];
  for (const [name, content] of Object.entries(await entriesOf(zip, maxBytes))) {
    const path = place.inside(name);
    const { mode = 0, crc32: wanted } = attributes.get(name) ?? {};
    // A size in the directory that is too small would cut the file without a word.
    if (wanted !== undefined && crc32(content) !== wanted) throw damaged(name);
    // One at a time: a package may have tens of thousands of files.
    if (name.endsWith("/")) await place.folderWith(path, name);
    else if (isLink(mode)) links.push([name, Buffer.from(content).toString()]);
    else await place.file(path, name, content, mode);
  }
  // Last, so that nothing of this zip is written through one.
  for (const [name, target] of links) await place.link(name, target);
  for (const [name] of links) await place.checkLink(name);
}

const damaged = (name: string) =>
  new Error(`The package is damaged: ${JSON.stringify(name)} is not what its checksum says`);

async function entriesOf(zip: Uint8Array, maxBytes: number): Promise<Record<string, Uint8Array>> {
  const { unzipSync } = await import("fflate");
  const count = entryCounter(zip);
  let bytes = 0;
  return unzipSync(zip, {
    filter: (entry) => {
      count();
      bytes += entry.originalSize;
      if (bytes > maxBytes) throw new Error(`Unzipped size must be smaller than ${maxBytes} bytes`);
      return true;
    },
  });
}

const typeBits = 0o170000;
const linkType = 0o120000;
// Windows makes links for administrators only; there they stay plain files.
const isLink = (mode: number) => process.platform !== "win32" && (mode & typeBits) === linkType;

/** The folder that a zip is unpacked into, and the guard over its border. */
class Place {
  readonly #folder: string;
  /** Folders that were found to lie inside, links on the way included. */
  readonly #checked = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  inside(name: string): string {
    const path = resolve(this.#folder, name);
    const strange = name.includes("\0") || name.includes("\\") || /^[a-zA-Z]:/.test(name);
    if (strange || !this.#contains(path)) throw leaves("an entry", name);
    return path;
  }

  /** Makes a folder and those above it, one by one: none is made through a link that leads out. */
  async folderWith(path: string, name: string): Promise<void> {
    // Of an entry without a name, the folder would be the one above.
    if (!this.#contains(path)) throw leaves("an entry", name);
    if (path === this.#folder || this.#checked.has(path)) return;
    await this.folderWith(dirname(path), name);
    await mkdir(path, { recursive: true });
    if (!this.#contains(await realpath(path))) throw leaves("an entry", name);
    this.#checked.add(path);
  }

  async file(path: string, name: string, content: Uint8Array, mode: number): Promise<void> {
    await this.folderWith(dirname(path), name);
    await replacing(path, () => writeFile(path, content, { flag: "wx" }));
    const executable = (mode & 0o111) !== 0;
    if (executable) await chmod(path, 0o755);
  }

  async link(name: string, target: string): Promise<void> {
    const path = this.inside(name);
    if (target === "" || target.includes("\0") || !this.#contains(resolve(dirname(path), target)))
      throw leaves("a link", name);
    await this.folderWith(dirname(path), name);
    await replacing(path, () => symlink(target, path));
  }

  /** Links over links can lead elsewhere than their words say. */
  async checkLink(name: string): Promise<void> {
    const real = await realpath(this.inside(name)).catch((error: NodeJS.ErrnoException) => {
      // It leads nowhere.
      if (error.code === "ENOENT") return this.#folder;
      throw error;
    });
    if (!this.#contains(real)) throw leaves("a link", name);
  }

  #contains(path: string): boolean {
    return path === this.#folder || path.startsWith(this.#folder + sep);
  }
}

/** What is there already, from an earlier layer, is replaced: a link must not be followed. */
async function replacing(path: string, make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    await rm(path, { recursive: true, force: true });
    await make();
  }
}

function leaves(what: string, name: string): Error {
  return new Error(`The package has ${what} that leaves its folder: ${JSON.stringify(name)}`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
