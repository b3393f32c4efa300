import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { ExitCode, LmiError } from "../../errors.ts";

export const PROJECT_FILE = "lmi.json";

export interface ProjectFile {
  readonly file: string;
  /** What it holds, unchecked but for being an object. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** `--config` when given, else the nearest lmi.json from `cwd` upwards; undefined when there is none. */
export async function readProjectFile(
  cwd: string,
  configFile?: string,
): Promise<ProjectFile | undefined> {
  const file = configFile === undefined ? findUpwards(cwd) : path.resolve(cwd, configFile);
  if (file === undefined) return undefined;
  const text = await readText(file, configFile);
  const content = await parse(text, relativeTo(cwd, file));
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new LmiError("LMI_CONFIG_SYNTAX", `${relativeTo(cwd, file)} must hold a JSON object`, {
      why: `It holds ${Array.isArray(content) ? "an array" : JSON.stringify(content)}.`,
      exitCode: ExitCode.usage,
    });
  }
  return { file, content: content as Record<string, unknown> };
}

/** A path as people read it: relative below `cwd`, absolute elsewhere. */
export function relativeTo(cwd: string, file: string): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith("..") ? file : relative;
}

function findUpwards(cwd: string): string | undefined {
  let folder = path.resolve(cwd);
  for (;;) {
    const candidate = path.join(folder, PROJECT_FILE);
    if (existsSync(candidate)) return candidate;
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
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new LmiError(
      missing ? "LMI_CONFIG_NOT_FOUND" : "LMI_CONFIG_UNREADABLE",
      missing ? `There is no file ${configFile ?? file}` : `${configFile ?? file} cannot be read`,
      {
        why: missing
          ? `--config names ${file}.`
          : error instanceof Error
            ? error.message
            : String(error),
        next: missing ? "lmi init" : undefined,
        exitCode: ExitCode.usage,
        cause: error,
      },
    );
  }
}

/** Plain JSON first: the parser that knows comments is loaded only for files that have some, or a key twice. */
async function parse(text: string, shownName: string): Promise<unknown> {
  const plain = parsePlain(text);
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
