import { fit, textWidth, wrap } from "../../output/wrap.ts";
import type { Entry } from "./entries.ts";

/** One entry as text for a terminal. */
export function renderEntry({ code, exitCodes, text }: Entry): string {
  const heading = exitCodes === undefined ? code : `${code}   exit code ${exitCodes}`;
  return [heading, "", ...paragraphs(text)].join("\n");
}

/** All codes under their headings, each with its first sentence. */
export function renderList(entries: readonly Entry[]): string {
  const sections = [...new Set(entries.map(({ section }) => section))];
  return sections
    .map((section) => {
      const own = entries.filter((entry) => entry.section === section);
      const width = Math.max(...own.map(({ code }) => code.length));
      const rows = own.map((entry) =>
        fit(`  ${entry.code.padEnd(width)}  ${firstSentence(entry)}`, textWidth),
      );
      return [section, ...rows].join("\n");
    })
    .join("\n\n");
}

/** What it is, in short. */
export function firstSentence({ text }: Pick<Entry, "text">): string {
  const [paragraph = ""] = text.split("\n");
  return /^.*?\.(?= |$)/.exec(withoutMarks(paragraph))?.[0] ?? withoutMarks(paragraph);
}

/** Each line of the source is a paragraph, an item of a list or a line of code. */
function paragraphs(text: string): string[] {
  return text.split("\n").map((line) => {
    if (/^(?: {4}|\t)/.test(line)) return line;
    return wrap(withoutMarks(line), line.startsWith("- ") ? 2 : 0);
  });
}

/** Links are their words, bold is plain; backticks stay: they say what is typed. */
function withoutMarks(line: string): string {
  return line.replaceAll(/\[(?<words>[^\]]*)\]\([^)]*\)/g, "$<words>").replaceAll("**", "");
}
