import { readFile } from "node:fs/promises";
import { Command } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import { nearest } from "../../synth/nearest.ts";
import type { Deps } from "../deps.ts";
import { packageRoot } from "../package-root.ts";
import { examples } from "../shared-options.ts";
import { type Entry, findEntry, knownWords, readEntries } from "./explain/entries.ts";
import { firstSentence, renderEntry, renderList } from "./explain/render-entry.ts";

/** The one text about codes: people read it on the web, the command prints parts of it. */
const source = new URL("docs/troubleshooting.md", packageRoot);

export function explainCommand(deps: Deps, run: typeof runExplain = runExplain): Command {
  return new Command("explain")
    .description("Say what an error code means and what mends it")
    .argument("[code]", "LMI_…, a reason code of Lambda, a stack's status, an AWS error")
    .addHelpText(
      "after",
      examples([
        ["lmi explain", "all codes"],
        ["lmi explain LMI_CAPACITY_LIMIT", "a code that lmi has printed"],
        ["lmi explain VcpuLimitExceeded", "a reason code of Lambda"],
        ["lmi explain UPDATE_ROLLBACK_FAILED", "a status of CloudFormation"],
      ]),
    )
    .action((code: string | undefined) => run(code, deps));
}

/** Prints an entry of docs/troubleshooting.md, or without a code the list of them. Asks nobody. */
export async function runExplain(
  code: string | undefined,
  { reporter }: Pick<Deps, "reporter">,
): Promise<void> {
  const entries = readEntries(await readFile(source, "utf8"));
  if (code === undefined) {
    const codes = entries.map((entry) => ({
      code: entry.code,
      names: entry.names,
      section: entry.section,
      summary: firstSentence(entry),
    }));
    reporter.result({ codes }, () => renderList(entries));
    return;
  }
  const entry = findEntry(code, entries);
  if (entry === undefined) throw unknown(code, entries);
  reporter.result(entry, renderEntry);
}

function unknown(code: string, entries: readonly Entry[]): LmiError {
  const like = similar(code, knownWords(entries));
  return new LmiError("LMI_USAGE", `Nothing is known of a code "${code}".`, {
    why:
      like.length > 0
        ? `Did you mean ${like.join(" or ")}?`
        : "Codes are LMI_…, reason codes of Lambda, states of stacks and errors of AWS.",
    next: "lmi explain   (lists all codes)",
    exitCode: ExitCode.usage,
    details: { suggestions: like },
  });
}

/** The nearest word, and those that the given one is a part of; three at most. */
function similar(code: string, words: readonly string[]): string[] {
  const wanted = code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const part = (word: string) =>
    word
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, "")
      .includes(wanted);
  const near = nearest(code, words) ?? nearest(`LMI_${code}`, words);
  const holding =
    wanted.length < 4 ? [] : words.filter(part).toSorted((one, other) => one.length - other.length);
  return [...new Set([...(near === undefined ? [] : [near]), ...holding])].slice(0, 3);
}
