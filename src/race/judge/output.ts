import type { Finding, Place } from "../finding.ts";
import type { CrossRead } from "../run/worker/records.ts";
import { nameOf } from "./answers.ts";
import { reasonOf } from "./reasons.ts";
import type { Foreign, RunFacts } from "./run-facts.ts";
import { brief, eventOf, foreignFor, recordsOf } from "./run-facts.ts";
import { sharedStateOf, writerLine } from "./state-evidence.ts";

/** Something that a request sent out or printed. */
interface Sent {
  readonly request: number;
  readonly text: string;
  readonly place: Place | undefined;
  readonly where: "log line" | "outgoing call";
}

/** What was sent from one place with one value of another request's event. */
export interface SentGroup {
  /** The first of them. */
  readonly sent: Sent;
  readonly foreign: Foreign;
  /** The read of shared state that brought the value. */
  readonly read: CrossRead | undefined;
  /** All requests that sent it. */
  readonly numbers: readonly number[];
}

/** Values of another request in log lines and outgoing calls, by place and value. */
export function sentGroups(facts: RunFacts): SentGroup[] {
  const lines = recordsOf(facts, "output").map(({ request, text, place }): Sent => ({
    request,
    text,
    place: place && facts.places.ofStack(place),
    where: "log line",
  }));
  const calls = recordsOf(facts, "call").map(({ request, method, url, sent, place }): Sent => ({
    request,
    text: `${method} ${url} ${sent}`,
    place: place && facts.places.ofStack(place),
    where: "outgoing call",
  }));
  const groups = new Map<string, SentGroup>();
  for (const sent of [...lines, ...calls]) {
    const [foreign] = foreignFor(facts, sent.request, sent.text);
    if (!foreign) continue;
    const key = `${sent.where} ${JSON.stringify(sent.place)} ${foreign.pointer}`;
    const { numbers, ...first } = groups.get(key) ?? {
      sent,
      foreign,
      read: readOf(facts, sent, foreign),
      numbers: [],
    };
    groups.set(key, { ...first, numbers: [...numbers, sent.request] });
  }
  return [...groups.values()];
}

function readOf(facts: RunFacts, sent: Sent, foreign: Foreign): CrossRead | undefined {
  return recordsOf(facts, "cross-read").find(
    ({ reader, value }) => reader === sent.request && value.includes(foreign.text),
  );
}

/** One finding for each place and value. */
export function judgeOutput(facts: RunFacts, groups: readonly SentGroup[]): Finding[] {
  return groups.map((group) => findingOf(facts, group));
}

/** Sent by requests that write the same file, and by no state that is known: that is told as the cause. */
export function isSentOfFile({ read, numbers }: SentGroup, writers: ReadonlySet<number>): boolean {
  return read === undefined && numbers.every((number) => writers.has(number));
}

/** For the file's finding: what is sent by it. */
export function sentLines(groups: readonly SentGroup[]): string[] {
  return groups.map(({ sent, foreign, numbers }) => {
    const count = new Set(numbers).size;
    const some = `${count} ${count === 1 ? "request" : "requests"}`;
    return `also in ${sent.where}s of ${some}: request ${sent.request} wrote ${brief(sent.text, foreign.text)}`;
  });
}

function findingOf(facts: RunFacts, { sent, foreign, read }: SentGroup): Finding {
  const state = read && sharedStateOf(facts, read);
  return {
    kind: "foreign-marker",
    by: "run",
    verdict: "unsafe",
    what: `A request's ${nameOf(foreign)} appears in another request's ${sent.where}`,
    ...reasonOf("foreign-marker"),
    place: state?.place ?? sent.place,
    further: [...(state?.further ?? []), ...(sent.place ? [sent.place] : [])],
    evidence: [
      ...(state ? [state.line] : []),
      `request ${sent.request} ${eventOf(facts, sent.request)} wrote ${brief(sent.text, foreign.text)}`,
      read ? writerLine(facts, read, foreign.text) : ownerOf(facts, foreign),
    ],
    requests: requestsOf(sent, read),
  };
}

function ownerOf(facts: RunFacts, { request, sample, text }: Foreign): string {
  return request === undefined
    ? `${brief(text)} is of requests with ${brief(facts.samples[sample ?? 0]?.event, text)}`
    : `${text} is request ${request}`;
}

function requestsOf({ request }: Sent, read: CrossRead | undefined): number[] {
  return [...new Set([request, ...(read ? [read.writer] : [])])].toSorted((a, b) => a - b);
}
