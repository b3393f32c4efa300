import type { Finding, Place } from "../finding.ts";
import { eventOf, recordsOf, type RunFacts } from "../judge/run-facts.ts";

/** One request beside those that ran in its worker at the same time. */
export interface Lane {
  readonly request: number;
  /** Its event, in a few words. */
  readonly event: string;
  /** Whether it is one of those that show the finding. */
  readonly shows: boolean;
  /** Milliseconds since the first of the wave began. */
  readonly from: number;
  readonly to: number;
  /** Where it waited at an await. */
  readonly held: readonly { readonly from: number; readonly to: number; readonly place?: Place }[];
}

/** The waves in which the requests of a finding ran. Nothing for findings that no request shows. */
export function timelineOf(facts: RunFacts, { requests = [] }: Finding): Lane[] {
  const shows = new Set(requests);
  const waves = recordsOf(facts, "wave").filter(({ requests: spans }) =>
    spans.some(({ number }) => shows.has(number)),
  );
  const spans = waves.flatMap((wave) => wave.requests);
  const start = Math.min(...spans.map(({ startedAt }) => startedAt));
  return spans
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map(({ number, startedAt, endedAt, held }) => ({
      request: number,
      event: eventOf(facts, number),
      shows: shows.has(number),
      from: startedAt - start,
      to: endedAt - start,
      held: held.map(({ from, to, site }) => {
        const place = facts.places.ofSite(site);
        return { from: from - start, to: to - start, ...(place && { place }) };
      }),
    }));
}
