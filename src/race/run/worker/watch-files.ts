import { createHash } from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { callPlace } from "./call-place.ts";
import { currentRequest, now } from "./request.ts";
import { tell } from "./tell.ts";

/** Functions of node:fs by how many of their first arguments are paths. Each has a form with Sync, and one of promises. */
const paths: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    (
      "access appendFile chmod createReadStream createWriteStream exists lstat mkdir mkdtemp open opendir readFile " +
      "readdir realpath rm rmdir stat truncate unlink utimes writeFile"
    )
      .split(" ")
      .map((name) => [name, 1]),
  ),
  copyFile: 2,
  cp: 2,
  link: 2,
  rename: 2,
  symlink: 2,
};

/** Which argument names the file that is written; with `open` and streams the flags decide. */
const written: Readonly<Record<string, number>> = {
  appendFile: 0,
  copyFile: 1,
  createWriteStream: 0,
  open: 0,
  truncate: 0,
  writeFile: 0,
};

type Anything = (...args: unknown[]) => unknown;

/**
 * Lambda's /tmp is the environment's own folder here, whatever the function calls it, and who writes a file there is
 * told of.
 */
export function watchFiles(taskRoot: string): void {
  const own = tmpdir();
  // Code and runtime may lie below the machine's /tmp, where on AWS they never do.
  const fixed = [dirname(taskRoot), dirname(process.argv[1] ?? "/")];
  const patch = (target: Record<string, unknown>, name: string, base: string, count: number) => {
    const original = target[name];
    if (typeof original !== "function") return;
    target[name] = (...args: unknown[]) => {
      if (currentRequest.getStore()) noteWrite(base, args, taskRoot);
      for (let index = 0; index < count; index += 1) args[index] = moved(args[index], own, fixed);
      return Reflect.apply(original as Anything, target, args);
    };
    // What is attached to it, such as the form that util.promisify takes.
    Object.setPrototypeOf(target[name], original);
  };
  const sync = fs as unknown as Record<string, unknown>;
  const promises = fs.promises as unknown as Record<string, unknown>;
  for (const [base, count] of Object.entries(paths)) {
    patch(sync, base, base, count);
    patch(sync, `${base}Sync`, base, count);
    patch(promises, base, base, count);
  }
  syncBuiltinESMExports();
}

function pathOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Buffer.isBuffer(value)) return value.toString();
  return value instanceof URL && value.protocol === "file:" ? fileURLToPath(value) : undefined;
}

/** `/tmp/x` in the environment's own folder. */
function moved(value: unknown, own: string, fixed: readonly string[]): unknown {
  const path = pathOf(value);
  if (path === undefined || fixed.some((folder) => isWithin(path, folder))) return value;
  if (path === "/tmp") return own;
  return path.startsWith("/tmp/") ? join(own, path.slice("/tmp/".length)) : value;
}

const isWithin = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

function noteWrite(base: string, args: readonly unknown[], taskRoot: string): void {
  const request = currentRequest.getStore();
  const index = written[base];
  const path = index === undefined ? undefined : pathOf(args[index]);
  if (!request || path === undefined || (!isWithin(path, "/tmp") && !isWithin(path, tmpdir())))
    return;
  if (base === "open" && !/[wa+]/.test(flagsOf(args[1]))) return;
  tell({
    type: "file-write",
    request: request.number,
    path: asLambdaHasIt(path),
    content: base === "writeFile" ? hashOf(args[1]) : undefined,
    startedAt: now(),
    place: callPlace(taskRoot),
  });
}

/** What node:fs opens for a stream, and what os.tmpdir() names, is in the environment's own folder already. */
function asLambdaHasIt(path: string): string {
  const own = tmpdir();
  return isWithin(path, own) ? `/tmp${path.slice(own.length)}` : path;
}

function flagsOf(flags: unknown): string {
  if (typeof flags === "number")
    return flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR) ? "w" : "r";
  return typeof flags === "string" ? flags : "r";
}

function hashOf(content: unknown): string | undefined {
  if (typeof content !== "string" && !(content instanceof Uint8Array)) return undefined;
  return createHash("sha1").update(content).digest("hex");
}
