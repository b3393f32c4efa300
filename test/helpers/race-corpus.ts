import { readFileSync, readdirSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../fixtures/race-corpus");

/** A handler of the corpus, with what its first lines say of it. */
export interface CorpusCase {
  /** "unsafe/01-current-user" */
  readonly name: string;
  readonly entry: string;
  readonly unsafe: boolean;
  readonly events: readonly unknown[];
  /** Kinds of findings of which at least one is expected. */
  readonly expected: readonly string[];
  /** What the source alone tells: a certain finding, a hint, nothing, or a hint that need not be. */
  readonly source: "certain" | "hint" | "nothing" | "any";
}

/** All handlers: `unsafe` ones are each unsafe in another way, the others only look like it. */
export function raceCorpus(): CorpusCase[] {
  return (["unsafe", "safe"] as const).flatMap((kind) =>
    readdirSync(join(folder, kind))
      .filter((file) => /\.(?:mjs|ts)$/.test(file))
      .map((file) => readCase(kind, file)),
  );
}

function readCase(kind: "unsafe" | "safe", file: string): CorpusCase {
  const entry = join(folder, kind, file);
  const name = basename(file, extname(file));
  const text = readFileSync(entry, "utf8");
  const line = (word: string) => new RegExp(`^// ${word}: (.*)$`, "m").exec(text)?.[1] ?? "";
  const events = readFileSync(join(folder, kind, `${name}.events.json`), "utf8");
  return {
    name: `${kind}/${name}`,
    entry,
    unsafe: kind === "unsafe",
    events: JSON.parse(events) as unknown[],
    expected: line("expects").split(", ").filter(Boolean),
    source: line("source") as CorpusCase["source"],
  };
}
