import type { LmiError } from "../../errors.ts";
import type { Palette } from "./palette.ts";

/** What happened, why, the next command, the code: one layout for every expected failure. */
export function failureText(error: LmiError, palette: Palette, verbose: boolean): string {
  if (error.code === "LMI_DECLINED") return `${error.message}\n`;
  const parts = [`${palette.bad("✗")} ${error.message}`];
  if (error.why) parts.push("", indent(error.why));
  if (error.next) parts.push("", indent(error.next));
  if (verbose && error.details) parts.push("", ...detailLines(error.details));
  parts.push(palette.faint(`  ${error.code}`));
  return `${parts.join("\n")}\n`;
}

function detailLines(details: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(details).map(
    ([key, value]) => `  ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}
