import type { LmiError } from "../../errors.ts";
import type { Palette } from "./palette.ts";
import { textWidth, wrap } from "./wrap.ts";

export interface FailureLayout {
  readonly verbose: boolean;
  /** Sentences are broken for eyes; a log that is searched keeps its lines whole. */
  readonly wraps: boolean;
}

/** What happened, why, the next command, the code: one layout for every expected failure. */
export function failureText(
  error: LmiError,
  palette: Palette,
  { verbose, wraps }: FailureLayout,
): string {
  const broken = (text: string) => (wraps ? wrapped(text) : text);

  if (error.code === "LMI_DECLINED") return `${error.message}\n`;
  const [first = "", ...others] = broken(`✗ ${error.message}`).split("\n");
  const parts = [first.replace("✗", palette.bad("✗")), ...others];
  if (error.why) parts.push("", broken(indent(error.why)));
  if (error.next) parts.push("", indent(wraps ? wrappedNext(error.next) : error.next));
  if (verbose && error.details) parts.push("", ...detailLines(error.details));
  parts.push(palette.faint(`  ${error.code} · lmi explain ${error.code}`));
  return `${parts.join("\n")}\n`;
}

/** A command is for copying and stays as it is; the words before it are broken, it then stands below them. */
function wrappedNext(next: string): string {
  const lines = next.split("\n").flatMap((line) => {
    if (line.length <= textWidth - 2) return [line];
    const { words, command } = beforeCommand.exec(line)?.groups ?? {};
    if (words === undefined || command === undefined) return [line];
    return [wrap(words, 0, textWidth - 2), command];
  });
  return lines.join("\n");
}

const beforeCommand = /^(?<words>[^:]+:) +(?<command>(?:lmi|aws) .*)$/;

function detailLines(details: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(details).map(
    ([key, value]) => `  ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}

function wrapped(text: string): string {
  return text
    .split("\n")
    .map((line) => wrap(line, Math.max(2, hanging(line))))
    .join("\n");
}

/** Where a line goes on: behind the time of a line of a log, else under its first word. */
function hanging(line: string): number {
  return /^\s*(?:\d\d:\d\d:\d\d|now {5}) {2}/.exec(line)?.[0].length ?? line.search(/\S/);
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}
