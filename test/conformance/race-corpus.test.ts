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

type Judge = (one: CorpusCase) => Promise<Judged>;

const withAllEvents: Judge = async (one) => {
  const entry = relative(folder, one.entry);
  const found = await unsafeIn({ folder, entry, events: one.events, repeat: 24, variables: {} });
  return { ...one, found };
};

/** As in a project that has one event alone: two altered copies of it come besides. */
const withOneEvent: Judge = async (one) => {
  const entry = relative(folder, one.entry);
  const events = one.events.slice(0, 1);
  const found = await unsafeIn({ folder, entry, events, copies: 2, repeat: 24, variables: {} });
  return { ...one, found };
};

/** Two at a time: each starts processes of its own. */
async function judgeAll(judge: Judge): Promise<Judged[]> {
  const waiting = raceCorpus();
  const judged: Judged[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) judged.push(await judge(next));
  };
  await Promise.all([work(), work()]);
  return judged.toSorted((a, b) => a.name.localeCompare(b.name));
}

test.each([
  // 28 of 30, at least.
  ["with events of its own", withAllEvents, 15],
  ["with copies of one event", withOneEvent, 6],
])(
  "finds what is unsafe %s, and accuses next to nothing that is safe",
  async (_how, judge, missable) => {
    const judged = await judgeAll(judge);
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
    expect(missed.map(({ name }) => name).slice(Math.floor(unsafe.length / missable))).toEqual([]);
    // 1 of 30, at most.
    expect(accused.map(({ name }) => name).slice(Math.floor(safe.length / 30))).toEqual([]);
  },
  900_000,
);

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
