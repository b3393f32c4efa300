import type { Finding } from "../finding.ts";
import { judgeAnswers, type WrongAnswer } from "./answers.ts";
import { judgeBlocking } from "./blocking.ts";
import { judgeGrowth } from "./growth.ts";
import { judgeOutput } from "./output.ts";
import type { RunFacts } from "./run-facts.ts";
import { judgeState } from "./state.ts";
import { judgeSurroundings } from "./surroundings.ts";

/** All findings of a run; what several of them say of the same piece of code is told once, by what a caller sees first. */
export function judgeRun(facts: RunFacts, wrong: readonly WrongAnswer[]): Finding[] {
  const all = [
    ...judgeAnswers(facts, wrong),
    ...judgeOutput(facts),
    ...judgeState(facts),
    ...judgeSurroundings(facts),
    ...judgeGrowth(facts),
    ...judgeBlocking(facts),
  ];
  const kept: Finding[] = [];
  for (const finding of all) {
    const known = kept.find((other) => isSameStory(other, finding));
    if (!known) kept.push(finding);
  }
  return kept;
}

const ofState = new Set(["answer-differs", "foreign-marker", "module-state"]);

/** Two findings about the same state, at the same place. */
function isSameStory(one: Finding, other: Finding): boolean {
  if (!ofState.has(one.kind) || !ofState.has(other.kind) || !one.place || !other.place)
    return false;
  return one.place.file === other.place.file && one.place.line === other.place.line;
}
