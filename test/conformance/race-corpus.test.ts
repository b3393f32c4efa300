import { relative, resolve } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import type { Finding, FindingKind } from "../../src/race/finding.ts";
import { type CorpusCase, raceCorpus } from "../helpers/race-corpus.ts";
import { unsafeIn } from "../helpers/raced-entry.ts";

/** What source and run together say of each handler of the corpus. */
interface Judged extends CorpusCase {
  readonly found: readonly Finding[];
}

const folder = resolve(import.meta.dirname, "../fixtures/race-corpus");

async function judge(one: CorpusCase): Promise<Judged> {
  const entry = relative(folder, one.entry);
  const found = await unsafeIn({ folder, entry, events: one.events, repeat: 24, variables: {} });
  return { ...one, found };
}

/** Two at a time: each starts processes of its own. */
async function judgeAll(): Promise<Judged[]> {
  const waiting = raceCorpus();
  const judged: Judged[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) judged.push(await judge(next));
  };
  await Promise.all([work(), work()]);
  return judged.toSorted((a, b) => a.name.localeCompare(b.name));
}

test("finds what is unsafe in the corpus and accuses next to nothing that is safe", async () => {
  const judged = await judgeAll();
  const unsafe = judged.filter((one) => one.unsafe);
  const safe = judged.filter((one) => !one.unsafe);
  const missed = unsafe.filter(
    ({ found, expected }) =>
      !found.some(({ kind }) =>
        [kind, ...(alike[kind] ?? [])].some((each) => expected.includes(each)),
      ),
  );
  const accused = safe.filter(({ found }) => found.length > 0);
  process.stdout.write(table(judged, missed, accused));
  // 28 of 30, and 1 of 30, at least.
  expect(missed.map(({ name }) => name).slice(Math.floor(unsafe.length / 15))).toEqual([]);
  expect(accused.map(({ name }) => name).slice(Math.floor(safe.length / 30))).toEqual([]);
}, 900_000);

/** An answer with another request's value differs, and what source and run say of the same state is told once. */
const ofState: readonly FindingKind[] = ["module-variable", "module-collection"];
const alike: Readonly<Partial<Record<FindingKind, readonly FindingKind[]>>> = {
  "foreign-marker": ["answer-differs", ...ofState],
  "answer-differs": ofState,
  "module-state": ofState,
};

function table(
  judged: readonly Judged[],
  missed: readonly Judged[],
  accused: readonly Judged[],
): string {
  const unsafe = judged.filter((one) => one.unsafe).length;
  const rows = judged.map(({ name, found, ...one }) => {
    const wrong = [...missed, ...accused].some((other) => other.name === name);
    const kinds = found.map(({ kind, by }) => `${kind} (${by})`).join(", ") || "nothing";
    return `${wrong ? "✗" : "✓"} ${name.padEnd(42)} ${one.source.padEnd(8)} ${kinds}`;
  });
  return [
    "",
    ...rows,
    `unsafe: ${unsafe - missed.length} of ${unsafe} found · safe: ${accused.length} of ${judged.length - unsafe} accused`,
    "",
  ].join("\n");
}
