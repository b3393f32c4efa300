import type { Reference } from "../run/alone.ts";
import type { CodePlaces } from "../run/code-places.ts";
import type { Marker } from "../run/markers.ts";
import { foreignIn } from "../run/markers.ts";
import type { Sample } from "../run/sample.ts";
import type { Answered } from "../run/together.ts";
import type { WorkerRecord } from "../run/worker/records.ts";

/** All that is known when a run is over, for those who judge it. */
export interface RunFacts {
  readonly seed: number;
  readonly samples: readonly Sample[];
  readonly references: readonly Reference[];
  readonly markers: readonly Marker[];
  readonly answers: readonly Answered[];
  readonly records: readonly WorkerRecord[];
  readonly places: CodePlaces;
  /** How many connections pools in the source have, where those are few. */
  readonly poolSizes?: readonly number[];
  /** JSON pointers in answers that may differ. */
  readonly ignore: readonly string[];
}

/** The records of one kind. */
export function recordsOf<T extends WorkerRecord["type"]>(
  { records }: Pick<RunFacts, "records">,
  type: T,
): Extract<WorkerRecord, { readonly type: T }>[] {
  return records.filter((record): record is Extract<WorkerRecord, { readonly type: T }> => {
    return record.type === type;
  });
}

/** Which sample a request of the run had. */
export function sampleOf(
  { answers }: Pick<RunFacts, "answers">,
  number: number,
): number | undefined {
  // Numbers count from 1 and answers are in their order, but some of them may be left out.
  const direct = answers[number - 1];
  return direct?.number === number
    ? direct.sample
    : answers.find((answer) => answer.number === number)?.sample;
}

/** What of another request stands in a text of this one. */
export interface Foreign {
  readonly text: string;
  /** Pointer of the value in the other one's event; nothing: it is its id. */
  readonly pointer?: string | undefined;
  /** Sample of the other one; nothing where only the request is known. */
  readonly sample?: number | undefined;
  readonly request?: number | undefined;
}

/** Values of other samples, and ids of other requests, in what belongs to a request. */
export function foreignFor(
  facts: Pick<RunFacts, "seed" | "answers" | "markers">,
  number: number,
  text: string,
): Foreign[] {
  const sample = sampleOf(facts, number);
  if (sample === undefined) return [];
  return [...foreignIn(text, sample, facts.markers), ...foreignIds(facts.seed, number, text)];
}

function foreignIds(seed: number, number: number, text: string): Foreign[] {
  const prefix = (seed >>> 0).toString(16).padStart(8, "0");
  if (!text.includes(prefix)) return [];
  const ids = text.matchAll(
    new RegExp(`${prefix}-[\\da-f]{4}-4[\\da-f]{3}-8000-([\\da-f]{12})`, "g"),
  );
  return [...ids]
    .map(([id, other = ""]) => ({ text: id, request: Number.parseInt(other, 16) }))
    .filter(({ request }) => request !== number);
}

/** A value as evidence, in a few words on one line: around `mark` where it is long. */
export function brief(value: unknown, mark?: string, most = 44): string {
  const text = lineOf(value);
  return around(text, mark === undefined ? 0 : text.indexOf(mark), most);
}

/** JSON as evidence, in a few words: around what a pointer names, which may lie in JSON that stands there as text. */
export function briefAt(json: string, pointer: string, most = 44): string {
  const text = lineOf(json);
  const names = pointer.split("/").filter((part) => !/^\d*$/.test(part));
  let at = 0;
  for (const name of names) at = Math.max(at, text.indexOf(name, at));
  return around(text, at, most);
}

function lineOf(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

function around(text: string, at: number, most: number): string {
  if (text.length <= most) return text;
  const start = Math.max(0, Math.min(at - Math.floor(most / 2), text.length - most));
  const end = start + most;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

/** The event of a request, in a few words. */
export function eventOf(
  facts: Pick<RunFacts, "answers" | "samples">,
  number: number,
  mark?: string,
): string {
  const sample = sampleOf(facts, number);
  return brief(sample === undefined ? undefined : facts.samples[sample]?.event, mark, 34);
}
