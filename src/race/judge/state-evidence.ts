import type { Place } from "../finding.ts";
import type { CrossRead } from "../run/worker/records.ts";
import type { RunFacts } from "./run-facts.ts";
import { eventOf } from "./run-facts.ts";

/** A piece of shared state, by what is seen of it in the source. */
export interface SharedState {
  readonly place: Place | undefined;
  readonly further: readonly Place[];
  readonly line: string;
}

/** Where shared state is declared, written and read. */
export function sharedStateOf(facts: Pick<RunFacts, "places">, read: CrossRead): SharedState {
  const written = facts.places.ofSite(read.writeSite);
  const readAt = facts.places.ofSite(read.readSite);
  const declared = facts.places.ofVariable(read.variable);
  const place = declared ?? written;
  const what = read.variable === undefined ? "shared by requests" : "module variable";
  const further = [written, readAt].filter((each) => each !== undefined);
  const shown = place?.text ?? read.name;
  return {
    place,
    further,
    line: `${shown}   ← ${what}, written at ${at(written, place)}, read at ${at(readAt, place)}`,
  };
}

/** A place beside another one: `:31` in the same file. */
export function at(place: Place | undefined, beside?: Place): string {
  if (!place) return "an unknown place";
  return place.file === beside?.file ? `:${place.line}` : `${place.file}:${place.line}`;
}

export function writerLine(facts: RunFacts, { writer, agoMs }: CrossRead, mark?: string): string {
  const ago = agoMs < 1 ? "less than 1 ms" : `${Math.round(agoMs)} ms`;
  return `request ${writer} ${eventOf(facts, writer, mark)} wrote it ${ago} earlier`;
}
