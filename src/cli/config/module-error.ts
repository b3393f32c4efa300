import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Message } from "esbuild";
import { ExitCode, LmiError } from "../../errors.ts";
import { type Place, sourceLine, type UserCode, userCodeError } from "./user-code-error.ts";

/** Why a settings file could not be loaded: a mistake in its syntax, an import that leads nowhere, or what it threw. */
export async function moduleError(
  error: unknown,
  file: string,
  about: UserCode,
): Promise<LmiError> {
  if (error instanceof SyntaxError) {
    const place = await syntaxPlace(file);
    if (place) return syntaxError(place, about);
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof Error && missing.has(code)) return missingModule(error, file, about);
  return userCodeError(error, about);
}

const missing: ReadonlySet<string> = new Set([
  "ERR_MODULE_NOT_FOUND",
  "MODULE_NOT_FOUND",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
  "ERR_UNSUPPORTED_DIR_IMPORT",
]);

interface Mistake extends Place {
  readonly text: string;
}

/** esbuild reads the file, and those of the project that it imports, to where they are wrong. Node says no column. */
async function syntaxPlace(file: string): Promise<Mistake | undefined> {
  const { build } = await import("esbuild");
  const folder = dirname(file);
  const messages = await build({
    absWorkingDir: folder,
    entryPoints: [file],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    write: false,
    logLevel: "silent",
  }).then(
    () => [],
    (error: { readonly errors?: readonly Message[] }) => error.errors ?? [],
  );
  const [first] = messages;
  if (!first?.location) return undefined;
  const { line, column } = first.location;
  const wrong = new URL(first.location.file, `file://${folder}/`).pathname;
  return { file: decodeURIComponent(wrong), line, column: column + 1, text: first.text };
}

function syntaxError(place: Mistake, { shown }: UserCode): LmiError {
  const file = shown(place.file);
  const { line, column, text } = place;
  return new LmiError("LMI_CONFIG_SYNTAX", `${file}:${line}:${column} ${text}`, {
    why: sourceLine(place),
    exitCode: ExitCode.usage,
    details: { file, line, column },
  });
}

/** `Cannot find package 'x' imported from /…/lmi.config.ts`, and the like. */
function missingModule(error: Error, file: string, { code, shown }: UserCode): LmiError {
  const [text = ""] = error.message.split("\n");
  const importer = / imported from (?<file>.+)$/.exec(text)?.groups?.["file"] ?? file;
  const name = /'(?<name>[^']+)'/.exec(text)?.groups?.["name"] ?? "";
  const isPackage = text.startsWith("Cannot find package");
  const place = importPlace(importer, name);
  const at = place ? `${shown(importer)}:${place.line}:${place.column}` : shown(importer);
  const what = isPackage
    ? `imports ${name}, which is not installed`
    : `imports what is not there: ${text.replace(/ imported from .*$/, "")}`;
  return new LmiError(code, `${at} ${what}`, {
    why: place ? sourceLine(place) : "",
    next: isPackage
      ? `npm install --save-dev ${packageOf(name)}`
      : "Mend the path; Node wants the ending (.ts, .js) in it",
    exitCode: ExitCode.usage,
    cause: error,
  });
}

function packageOf(name: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
}

/** The line that imports it, found by the last part of its name. */
function importPlace(importer: string, name: string): Place | undefined {
  try {
    const lines = readFileSync(importer, "utf8").split("\n");
    const last = name.split("/").at(-1) ?? name;
    const index = lines.findIndex(
      (text) => /\b(?:from|import|require)\b/.test(text) && text.includes(last),
    );
    if (index < 0) return undefined;
    return { file: importer, line: index + 1, column: (lines[index]?.indexOf(last) ?? 0) + 1 };
  } catch {
    // The importer may be no file that can be read: then its name has to do.
    return undefined;
  }
}
