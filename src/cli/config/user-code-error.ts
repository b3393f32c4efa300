import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ErrorCode, ExitCode, LmiError } from "../../errors.ts";
import { packageRoot } from "../package-root.ts";
import { MOST_SECONDS, UnendingCode } from "./user-code.ts";

export interface UserCode {
  readonly code: ErrorCode;
  /** The settings file as people read it, or `The stack function of …`. */
  readonly subject: string;
  /** Makes a path one that people read. */
  readonly shown: (file: string) => string;
}

/** A failure of the user's own code: what it says and where, without lines of lmi's or Node's. */
export function userCodeError(error: unknown, { code, subject, shown }: UserCode): LmiError {
  if (error instanceof LmiError) return error;
  if (error instanceof UnendingCode) return unending(error, code, subject);
  const place = error instanceof Error ? placeOf(error) : undefined;
  const text = error instanceof Error ? error.message : JSON.stringify(error);
  const [first = "", ...more] = text.split("\n");
  const at = place === undefined ? subject : `${shown(place.file)}:${place.line}:${place.column}`;
  const why = [...more, ...(place === undefined ? [] : [sourceLine(place)])].filter(Boolean);
  return new LmiError(code, `${at} failed: ${first}`, {
    ...(why.length === 0 ? {} : { why: why.join("\n") }),
    exitCode: ExitCode.usage,
    ...(place ? { details: { ...place, file: shown(place.file) } } : {}),
    cause: error,
  });
}

function unending({ reason }: UnendingCode, code: ErrorCode, subject: string): LmiError {
  return new LmiError(
    code,
    reason === "idle"
      ? `${subject} waits for something that never comes.`
      : `${subject} is not done after ${MOST_SECONDS} s.`,
    {
      why: "A promise that it awaits is neither fulfilled nor rejected.",
      next: "Look at each await in it",
      exitCode: ExitCode.usage,
    },
  );
}

/** Line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The innermost line of the stack that is neither of a package, of lmi nor of Node. */
function placeOf({ stack = "" }: Error): Place | undefined {
  const frames = [
    ...stack.matchAll(
      /^\s+at (?:.*?[ (])??(?<file>(?:file:\/\/)?\/[^():]*(?:\([^()]*\)[^():]*)*):(?<line>\d+):(?<column>\d+)\)?$/gm,
    ),
  ];
  return frames
    .map(({ groups }) => ({
      file: pathOf(groups?.["file"] ?? ""),
      line: Number(groups?.["line"]),
      column: Number(groups?.["column"]),
    }))
    .find(({ file }) => isUsers(file));
}

function pathOf(text: string): string {
  return text.startsWith("file:") ? fileURLToPath(text.replace(/\?.*$/, "")) : text;
}

function isUsers(file: string): boolean {
  const own = ["dist/", "src/", "bin/", "node_modules/"].map((folder) =>
    fileURLToPath(new URL(folder, packageRoot)),
  );
  return !/[\\/]node_modules[\\/]/.test(file) && !own.some((folder) => file.startsWith(folder));
}

/** The line, and a mark below the column. */
export function sourceLine({ file, line, column }: Place): string {
  try {
    const source = readFileSync(file, "utf8").split("\n")[line - 1] ?? "";
    return `${source.replaceAll("\t", " ").trimEnd()}\n${" ".repeat(Math.max(0, column - 1))}^`;
  } catch {
    // The code made itself, or its file is gone: the place alone has to do.
    return "";
  }
}
