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

/** Values of another request in a log line or an outgoing call: one finding for each place and value. */
export function judgeOutput(facts: RunFacts): Finding[] {
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
  const found = new Map<string, Finding>();
  for (const sent of [...lines, ...calls]) {
    const [foreign] = foreignFor(facts, sent.request, sent.text);
    if (!foreign) continue;
    const key = `${sent.where} ${JSON.stringify(sent.place)} ${foreign.pointer}`;
    if (!found.has(key)) found.set(key, findingOf(facts, sent, foreign));
  }
  return [...found.values()];
}

function findingOf(facts: RunFacts, sent: Sent, foreign: Foreign): Finding {
  const read = recordsOf(facts, "cross-read").find(
    ({ reader, value }) => reader === sent.request && value.includes(foreign.text),
  );
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
