import type { LmiError } from "../../errors.ts";
import type { Palette } from "./palette.ts";
import { wrap } from "./wrap.ts";

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
  // The next command is for copying: it stays as it is.
  if (error.why) parts.push("", broken(indent(error.why)));
  if (error.next) parts.push("", indent(error.next));
  if (verbose && error.details) parts.push("", ...detailLines(error.details));
  parts.push(palette.faint(`  ${error.code} · lmi explain ${error.code}`));
  return `${parts.join("\n")}\n`;
}

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
