import type { Place, Finding } from "../finding.ts";
import type { BundleCode } from "./bundle-code.ts";
import type { Use, Write } from "./walk/flow.ts";
import { isTurn } from "./walk/turns.ts";
import type { Walk } from "./walk/walk.ts";
import { type StateWords, wordsOf } from "./words.ts";

/** All that is done to one place that outlives a request. */
interface History {
  readonly location: string;
  readonly label: string;
  readonly writes: readonly Write[];
  readonly uses: readonly Use[];
}

/** Findings about variables, collections and files that requests share. */
export function stateFindings(code: BundleCode, walk: Walk): Finding[] {
  return histories(walk).flatMap((history) => {
    const uses = history.uses.filter((use) => !isInTurn(walk, history, use));
    const torn = tornUse(uses) ?? grownUse(history, uses);
    if (torn) return [certain(code, history, torn)];
    const doubt = doubtful(history);
    return doubt ? [hint(code, history, doubt)] : [];
  });
}

/** What is put into a collection and what is put under a key of it belong together: `users.*` is `users`. */
const placeOf = (location: string) => location.replace(/\.\*$/, "");

function histories(walk: Walk): History[] {
  const groups = Map.groupBy(walk.writes, ({ location }) => placeOf(location));
  return [...groups].map(([location, writes]) => ({
    location,
    label: writes[0]?.label ?? location,
    writes,
    uses: walk.uses.filter(({ write }) => placeOf(write.location) === location),
  }));
}

/** From writing to reading, all others wait for their turn, and nobody writes without one. */
function isInTurn(walk: Walk, { location, writes }: History, { turns, write }: Use): boolean {
  // Each worker has its own turns, and all write the same files.
  if (location.startsWith("file:")) return false;
  const all = writes.filter(({ form, value }) => form === "assigned" && value.request);
  return turns.some(
    (turn) => isTurn(walk, turn) && [write, ...all].every((each) => each.turns.includes(turn)),
  );
}

/** Written by a request, read after an await by the same: by then it may be another's. */
function tornUse(uses: readonly Use[]): Use | undefined {
  return uses.find(
    ({ write, pause, read }) =>
      write.form === "assigned" &&
      !write.guarded &&
      pause !== undefined &&
      read !== write.node &&
      (write.value.request || write.value.fresh),
  );
}

/** Put into what is never emptied, and handed out whole: with what other requests have put there. */
function grownUse({ uses, writes, location }: History, apart: readonly Use[]): Use | undefined {
  const shrinks = writes.some(
    ({ form, value }) =>
      form === "emptied" || form === "removed" || (form === "assigned" && !value.request),
  );
  // In its turn, a request empties what the one before has left there.
  return (shrinks ? apart : uses).find(
    ({ write, pause, leaves }) =>
      (write.form === "added" || write.form === "keyed") &&
      leaves &&
      write.value.request &&
      !location.startsWith("file:") &&
      (pause !== undefined || !shrinks),
  );
}

function certain(code: BundleCode, history: History, use: Use): Finding {
  const words = wordsOf(history.location, use.write);
  const places = [
    code.place(use.write.node),
    use.pause && code.place(use.pause),
    code.place(use.read),
  ];
  return finding(
    history,
    words,
    "unsafe",
    places.filter((place) => place !== undefined),
    [
      `${shown(places[0])} puts a request's value into ${history.label}`,
      ...(use.pause && places[1] && use.pause !== use.write.node
        ? [`${shown(places[1])} awaits: other requests run here`]
        : []),
      `${shown(places[2])} uses ${history.label}`,
    ],
  );
}

interface Doubt {
  readonly write: Write;
  readonly because: string;
}

function doubtful({ writes, uses, location }: History): Doubt | undefined {
  if (location.startsWith("env:")) return undefined;
  const used = new Set(uses.map(({ write }) => write));
  const first = writes.find(
    ({ guarded, form, value }) => guarded && form === "assigned" && value.request,
  );
  if (first && used.has(first))
    return { write: first, because: "what the first request brings is kept for all others" };
  const written = writes.find(
    ({ form, value, guarded }) => form === "assigned" && value.request && !guarded,
  );
  if (written)
    return { write: written, because: "a request's value is kept where other requests find it" };
  const grows = writes.find(({ form, value }) => form === "added" && value.request);
  if (grows) return { write: grows, because: "what requests put there meets in one place" };
  return undefined;
}

function hint(code: BundleCode, history: History, { write, because }: Doubt): Finding {
  const words = wordsOf(history.location, write);
  const place = code.place(write.node);
  return finding(history, words, "suspicious", [place], [`${shown(place)}: ${because}`]);
}

function finding(
  history: History,
  words: StateWords,
  verdict: Finding["verdict"],
  places: readonly Place[],
  evidence: readonly string[],
): Finding {
  const [place, ...further] = places;
  return {
    kind: words.kind,
    by: "source",
    verdict,
    what: verdict === "unsafe" ? words.what(history.label) : words.maybe(history.label),
    why: words.why,
    mend: words.mend,
    place,
    ...(further.length === 0 ? {} : { further }),
    evidence,
  };
}

function shown(place: Place | undefined): string {
  return place ? `${place.file}:${place.line}` : "?";
}
