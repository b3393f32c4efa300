import type { RaceResult } from "../../../race/race.ts";
import { type Caveat, copiesLine, countOf, type RaceEvents } from "./race-events.ts";
import type { RaceShape } from "./race-shape.ts";

/** Events that fail alone are named up to here. */
export const mostLines = 5;

/**
 * What a run did not look at, a line each: requests that cannot be told apart, code behind a failure, and leaks where
 * there were too few requests.
 */
export function untested(
  { failedAlone, leaksNeed, copies }: RaceResult,
  { repeat, only }: Pick<RaceShape, "repeat" | "only">,
  events: RaceEvents,
): Caveat[] {
  const count = countOf(events);
  const failed = failedAlone.length === events.samples.length ? [] : failedAlone;
  const others = failed.length - mostLines;
  const isShort = leaksNeed !== undefined && only === undefined && repeat * count < leaksNeed;
  const ofCopies = copiesLine(events, copies);
  const lines = [
    ...failed
      .slice(0, mostLines)
      .map((each) => `${failedLine(each)}; code behind that is not tested.`),
    ...(others > 0 ? [`${others} further events fail alone.`] : []),
    ...(isShort
      ? [
          `Leaks were not looked for: that takes ${leaksNeed} requests (${enough(leaksNeed, count)}).`,
        ]
      : []),
  ];
  return [...(ofCopies ? [ofCopies] : []), ...lines.map((text) => ({ text, warns: true }))];
}

export const failedLine = ({ name, error }: RaceResult["failedAlone"][number]) =>
  `Event ${name} fails alone: ${error}`;

/** A run has 1,000 requests unless asked for others. */
const enough = (requests: number, events: number) =>
  requests <= 1000 ? "leave --repeat away" : `--repeat ${Math.ceil(requests / events)}`;
