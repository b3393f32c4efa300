import type { Finding } from "../finding.ts";
import type { CrossRead, LostUpdate } from "../run/worker/records.ts";
import { reasonOf } from "./reasons.ts";
import type { RunFacts } from "./run-facts.ts";
import { brief, eventOf, foreignFor, recordsOf } from "./run-facts.ts";
import { at, sharedStateOf, writerLine } from "./state-evidence.ts";

const inPackage = /(?:^|\/)node_modules\//;

/** Shared state that is proven wrong by itself: who wrote it reads another request's value, or overwrites its count. */
export function judgeState(facts: RunFacts): Finding[] {
  const found = new Map<string, Finding>();
  const add = (key: string, finding: () => Finding) => {
    if (!found.has(key)) found.set(key, finding());
  };
  for (const read of recordsOf(facts, "cross-read")) {
    if (read.own === undefined || read.own === read.value) continue;
    if (foreignFor(facts, read.reader, read.value).length === 0) continue;
    add(`${read.variable} ${read.name}`, () => overwritten(facts, read));
  }
  for (const loss of recordsOf(facts, "lost-update")) {
    // A package keeps books of its own, of hooks and ids; whether those matter, its versions tell.
    if (inPackage.test(facts.places.ofSite(loss.writeSite)?.file ?? "")) continue;
    add(`${loss.variable} ${loss.name}`, () => lost(facts, loss));
  }
  return [...found.values()];
}

function overwritten(facts: RunFacts, read: CrossRead): Finding {
  const state = sharedStateOf(facts, read);
  const mark = foreignFor(facts, read.reader, read.value)[0]?.text;
  return {
    kind: "module-state",
    by: "run",
    verdict: "unsafe",
    what: `A request reads what another one has put in place of its own value (${read.name})`,
    ...reasonOf("module-state"),
    place: state.place,
    further: state.further,
    evidence: [
      state.line,
      `request ${read.reader} ${eventOf(facts, read.reader)} wrote ${brief(read.own ?? "")}, and read ${brief(read.value, mark)}`,
      writerLine(facts, read, mark),
    ],
    requests: [read.writer, read.reader].toSorted((a, b) => a - b),
  };
}

function lost(facts: RunFacts, loss: LostUpdate): Finding {
  const written = facts.places.ofSite(loss.writeSite);
  const readAt = facts.places.ofSite(loss.readSite);
  const place = facts.places.ofVariable(loss.variable) ?? written;
  return {
    kind: "module-state",
    by: "run",
    verdict: "unsafe",
    what: `A change of ${loss.name} is lost: another request wrote it in between`,
    ...reasonOf("module-state"),
    place,
    further: [readAt, written].filter((each) => each !== undefined),
    evidence: [
      `${place?.text ?? loss.name}   ← read at ${at(readAt, place)}, written at ${at(written, place)}`,
      `request ${loss.loser} read ${loss.read}; request ${loss.writer} then wrote ${loss.lost}`,
      `request ${loss.loser} wrote ${loss.written}`,
    ],
    requests: [loss.loser, loss.writer].toSorted((a, b) => a - b),
  };
}
