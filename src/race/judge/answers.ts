import type { Finding } from "../finding.ts";
import { leafMap, textOf } from "../run/alone.ts";
import type { Answered } from "../run/together.ts";
import { differing, withoutNewKeys } from "../run/varying.ts";
import type { CrossRead } from "../run/worker/records.ts";
import { reasonOf } from "./reasons.ts";
import type { Foreign, RunFacts } from "./run-facts.ts";
import { brief, briefAt, eventOf, foreignFor, recordsOf, sampleOf } from "./run-facts.ts";
import { sharedStateOf, writerLine } from "./state-evidence.ts";

/** An answer that is not what the same event is answered alone. */
export interface WrongAnswer {
  readonly answer: Answered;
  readonly text: string;
  /** Pointers that differ, where alone they do not. */
  readonly pointers: readonly string[];
  readonly foreign: readonly Foreign[];
}

/** Every answer that differs from its reference, or carries what is another request's. */
export function wrongAnswers(facts: RunFacts): WrongAnswer[] {
  return facts.answers.flatMap((answer) => {
    const reference = facts.references[answer.sample];
    if (!answer.result || !reference) return [];
    const text = textOf(answer.result);
    const foreign = foreignFor(facts, answer.number, text);
    if (foreign.length === 0 && text === reference.text) return [];
    const leaves = leafMap(text);
    const pointers = differing(reference.leaves, leaves).filter(
      (pointer) =>
        !reference.varying.has(pointer) &&
        !isIgnored(pointer, facts.ignore) &&
        !isTime(leaves.get(pointer)),
    );
    return pointers.length > 0 || foreign.length > 0 ? [{ answer, text, pointers, foreign }] : [];
  });
}

/** A pointer that was asked to be ignored, or one below it; `*` stands for any one part. */
function isIgnored(pointer: string, ignore: readonly string[]): boolean {
  const parts = pointer.split("/");
  return ignore.some((each) =>
    each.split("/").every((part, index) => part === "*" || part === parts[index]),
  );
}

/** Milliseconds around now in which a value is taken for the time of the run. */
const nearMs = 86_400_000;

const near = (time: number) => Math.abs(time - Date.now()) < nearMs;

function isTime(value: unknown): boolean {
  if (typeof value === "number") return near(value) || near(value * 1000);
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\d|^\w{3}, \d\d/.test(value) &&
    near(Date.parse(value))
  );
}

/** Wrong answers of one cause. */
export interface WrongGroup {
  readonly one: WrongAnswer;
  readonly read?: CrossRead | undefined;
  /** What was read is what shows, or stands in place of what the reader had written; otherwise it was read besides. */
  readonly explained: boolean;
  /** Requests that were answered so. */
  readonly numbers: readonly number[];
  /** Where answers differ, and whose values they carry, over all of the group. */
  readonly shows: ReadonlySet<string>;
}

/** Wrong answers by the piece of state, or the value, that they come from. */
export function groupsOf(facts: RunFacts, wrong: readonly WrongAnswer[]): WrongGroup[] {
  const reads = Map.groupBy(recordsOf(facts, "cross-read"), ({ reader }) => reader);
  const groups = new Map<string, WrongGroup>();
  for (const one of wrong) {
    const read = causeOf(facts, one, reads.get(one.answer.number) ?? []);
    const key = read ? `state ${read.name} ${read.variable}` : keyOf(facts, one);
    groups.set(
      key,
      joined(groups.get(key), {
        one,
        read,
        explained: read !== undefined && explains(one, read),
        numbers: [one.answer.number],
        shows: new Set(shownIn(one)),
      }),
    );
  }
  return withoutEchoes([...groups.values()]);
}

/** What was answered wrongly, one finding for each piece of state, or each value, that it comes from. */
export function judgeAnswers(facts: RunFacts, groups: readonly WrongGroup[]): Finding[] {
  return groups.map((group) => findingOf(facts, group));
}

/** Wrong answers whose cause is not known, all of requests that write the same file: that is told as their cause. */
export function isOfFile(group: WrongGroup, writers: ReadonlySet<number>): boolean {
  return !group.explained && group.numbers.every((number) => writers.has(number));
}

/** How many they are, and the one of them that shows most. */
export function echoLines(facts: RunFacts, groups: readonly WrongGroup[]): string[] {
  const best = groups.find(({ one }) => one.foreign.length > 0) ?? groups[0];
  if (!best) return [];
  const count = new Set(groups.flatMap(({ numbers }) => numbers)).size;
  const [answered = ""] = evidenceOf(facts, best);
  return [`${count} of ${facts.answers.length} answers are wrong by it`, answered];
}

/** Keys that the reference lacks are each another one's, and no place of their own. */
function keyOf(facts: RunFacts, one: WrongAnswer): string {
  const known = facts.references[one.answer.sample]?.leaves;
  const [shown = ""] = shownIn(one);
  return `shown ${known && shown.startsWith("/") ? withoutNewKeys(shown, known) : shown}`;
}

/** What another request's value shows best. */
function shownIn({ foreign, pointers }: WrongAnswer): string[] {
  return [...foreign.map(({ pointer }) => `foreign ${pointer ?? "id"}`), ...pointers];
}

function joined(known: WrongGroup | undefined, added: WrongGroup): WrongGroup {
  if (!known) return added;
  // The best example is one that shows another request's value, and what brought it.
  const shows = known.one.foreign.length > 0 && (known.explained || !added.explained);
  const isBetter = added.one.foreign.length > 0 && !shows;
  return {
    ...(isBetter ? added : known),
    explained: known.explained || added.explained,
    numbers: [...known.numbers, ...added.numbers],
    shows: new Set([...known.shows, ...added.shows]),
  };
}

/** It brought the value that shows, or stood in place of another one; without such a value, it may have. */
function explains({ foreign }: WrongAnswer, { own, value }: CrossRead): boolean {
  if (foreign.some(({ text }) => value.includes(text))) return true;
  return own !== value && (own !== undefined || foreign.length === 0);
}

/** A group whose cause is not known belongs to one that shows in the same place and whose cause is. */
function withoutEchoes(groups: readonly WrongGroup[]): WrongGroup[] {
  const causes = groups.filter(({ explained }) => explained);
  const others: WrongGroup[] = [];
  for (const group of groups.filter(({ explained }) => !explained)) {
    const index = causes.findIndex(({ shows }) => [...group.shows].some((each) => shows.has(each)));
    const cause = causes[index];
    if (cause) causes[index] = { ...cause, numbers: [...cause.numbers, ...group.numbers] };
    else others.push(group);
  }
  return [...causes, ...others];
}

/** Which read of shared state explains an answer: one that brought the foreign value, else one behind an own write. */
function causeOf(
  facts: RunFacts,
  { foreign }: WrongAnswer,
  reads: readonly CrossRead[],
): CrossRead | undefined {
  const brought = reads.find(({ value }) => foreign.some(({ text }) => value.includes(text)));
  if (brought) return brought;
  const behind = reads.find(({ own, value }) => own !== undefined && own !== value);
  return (
    behind ??
    reads.find(({ own }) => own !== undefined) ??
    reads.find(({ writer }) => sampleOf(facts, writer) !== undefined)
  );
}

function findingOf(facts: RunFacts, group: WrongGroup): Finding {
  const { one, read } = group;
  const [first] = one.foreign;
  const [pointer] = one.pointers;
  const kind = first ? "foreign-marker" : "answer-differs";
  const state = read && sharedStateOf(facts, read);
  return {
    kind,
    by: "run",
    verdict: "unsafe",
    what: first
      ? `A request's ${nameOf(first)} appears in another request's answer`
      : `An answer differs from what its event is answered alone${pointer ? ` (${pointer})` : ""}`,
    ...reasonOf(kind),
    place: state?.place,
    further: state?.further ?? [],
    evidence: [...(state ? [state.line] : []), ...evidenceOf(facts, group)],
    requests: requestsOf(facts, one, read),
  };
}

function evidenceOf(facts: RunFacts, { one, read, numbers }: WrongGroup): string[] {
  const { answer, foreign, text, pointers } = one;
  const [first] = foreign;
  const [pointer = ""] = pointers;
  const shown = first ? brief(text, first.text) : briefAt(text, pointer);
  const answered = `request ${answer.number} ${eventOf(facts, answer.number)} answered ${shown}`;
  const others =
    numbers.length > 1
      ? [`${numbers.length} of ${facts.answers.length} answers are wrong like this`]
      : [];
  if (first) return [answered, ownerLine(facts, first, read), ...others];
  const alone = `alone it is answered ${briefAt(facts.references[answer.sample]?.text ?? "", pointer)}`;
  return [answered, alone, ...(read ? [writerLine(facts, read)] : []), ...others];
}

/** `customer` of `/body/customer`. */
export const nameOf = ({ pointer }: Foreign) =>
  pointer === undefined
    ? "id"
    : pointer.split("/").findLast((part) => !/^\d*$/.test(part)) || "event";

function ownerLine(facts: RunFacts, foreign: Foreign, read: CrossRead | undefined): string {
  if (read && read.value.includes(foreign.text)) return writerLine(facts, read, foreign.text);
  const { request, sample, text } = foreign;
  if (request !== undefined) return `${text} is request ${request}`;
  return `${brief(text)} is of requests with ${brief(facts.samples[sample ?? 0]?.event, text)}`;
}

/** Requests that repeat it: who answered, who wrote, and otherwise who ran beside it with the other event. */
function requestsOf(
  facts: RunFacts,
  { answer, foreign }: WrongAnswer,
  read: CrossRead | undefined,
): number[] {
  if (read) return [...new Set([read.writer, answer.number])].toSorted((a, b) => a - b);
  const [first] = foreign;
  const others = facts.answers.filter(
    ({ wave, worker, number, sample }) =>
      wave === answer.wave &&
      worker === answer.worker &&
      number !== answer.number &&
      (first?.sample === undefined || sample === first.sample),
  );
  return [...others.map(({ number }) => number), answer.number].toSorted((a, b) => a - b);
}
