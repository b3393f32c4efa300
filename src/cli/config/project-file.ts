import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { ExitCode, LmiError } from "../../errors.ts";
import type { StackHook } from "../../synth/settings.ts";
import type { System } from "../system.ts";

export const PROJECT_FILE = "lmi.json";

/** Every name of a settings file. */
export const projectFiles: readonly string[] = [
  PROJECT_FILE,
  ...["ts", "mts", "js", "mjs"].map((ending) => `lmi.config.${ending}`),
];

export interface ProjectFile {
  readonly file: string;
  /** What it holds, unchecked but for being an object. */
  readonly content: Readonly<Record<string, unknown>>;
  /** The stack function of a lmi.config.ts. */
  readonly stack: StackHook | undefined;
  /** Its settings were made for `--env`: they need no overlay of that name. */
  readonly isMadeForEnvironment: boolean;
}

export interface ProjectFileRequest {
  readonly cwd: string;
  /** `--config`. */
  readonly configFile?: string | undefined;
  /** `--env`. */
  readonly environmentName?: string | undefined;
  /** Where absent, the code of a lmi.config.ts runs unguarded. */
  readonly runUserCode?: System["runUserCode"] | undefined;
}

/**
 * `--config` when given, else the nearest lmi.json or lmi.config.ts from `cwd` upwards; undefined when there is none.
 * What is in a lmi.config.ts runs.
 */
export async function readProjectFile(
  request: ProjectFileRequest,
): Promise<ProjectFile | undefined> {
  const { cwd, configFile } = request;
  const file = configFile === undefined ? findUpwards(cwd) : path.resolve(cwd, configFile);
  if (file === undefined) return undefined;
  return /\.[cm]?[jt]s$/.test(file) ? readModule(file, request) : readJson(file, request);
}

async function readModule(file: string, request: ProjectFileRequest): Promise<ProjectFile> {
  if (!existsSync(file)) throw notFound(file, request.configFile);
  const { loadConfigModule } = await import("./config-module.ts");
  const loaded = await loadConfigModule({
    file,
    shown: (name) => relativeTo(request.cwd, name),
    environmentName: request.environmentName,
    runUserCode: request.runUserCode ?? (async (_name, work) => work()),
  });
  return { file, ...loaded };
}

async function readJson(
  file: string,
  { cwd, configFile }: ProjectFileRequest,
): Promise<ProjectFile> {
  const text = await readText(file, configFile);
  const content = await parse(text, relativeTo(cwd, file));
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new LmiError("LMI_CONFIG_SYNTAX", `${relativeTo(cwd, file)} must hold a JSON object`, {
      why: `It holds ${Array.isArray(content) ? "an array" : JSON.stringify(content)}.`,
      exitCode: ExitCode.usage,
    });
  }
  return {
    file,
    content: content as Record<string, unknown>,
    stack: undefined,
    isMadeForEnvironment: false,
  };
}

/** A path as people read it: relative below `cwd`, absolute elsewhere. */
export function relativeTo(cwd: string, file: string): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith("..") ? file : relative;
}

function findUpwards(cwd: string): string | undefined {
  let folder = path.resolve(cwd);
  for (;;) {
    const [first, second] = projectFiles.filter((name) => existsSync(path.join(folder, name)));
    if (first !== undefined && second !== undefined) throw ambiguous(folder, first, second);
    if (first !== undefined) return path.join(folder, first);
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

async function readText(file: string, configFile: string | undefined): Promise<string> {
  try {
    const text = await readFile(file, "utf8");
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw notFound(file, configFile, error);
    throw new LmiError("LMI_CONFIG_UNREADABLE", `${configFile ?? file} cannot be read`, {
      why: error instanceof Error ? error.message : String(error),
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

function notFound(file: string, configFile: string | undefined, cause?: unknown): LmiError {
  return new LmiError("LMI_CONFIG_NOT_FOUND", `There is no file ${configFile ?? file}`, {
    why: `--config names ${file}.`,
    next: "lmi init",
    exitCode: ExitCode.usage,
    cause,
  });
}

function ambiguous(folder: string, first: string, second: string): LmiError {
  return new LmiError("LMI_CONFIG_AMBIGUOUS", `${folder} has ${first} and ${second}.`, {
    why: "A project has one settings file, or nobody would know which one holds.",
    next: `Delete ${first} once all of it is in ${second}, or say which one: --config ${second}`,
    exitCode: ExitCode.usage,
  });
}

/** Plain JSON first: the parser that knows comments is loaded only for files that have some, or keys that it refuses. */
async function parse(text: string, shownName: string): Promise<unknown> {
  const plain = text.includes("__proto__") ? undefined : parsePlain(text);
  if (plain !== undefined && keysIn(plain.content) === keysWritten(text)) return plain.content;
  const { parseJsonc } = await import("./jsonc.ts");
  return parseJsonc(text, shownName);
}

function parsePlain(text: string): { readonly content: unknown } | undefined {
  try {
    return { content: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** In valid JSON, a string in front of a colon is a key. */
function keysWritten(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"(?<key>\s*:)?/g)].filter(
    ({ groups }) => groups?.["key"] !== undefined,
  ).length;
}

function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value).reduce((sum: number, each) => sum + keysIn(each), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
}
