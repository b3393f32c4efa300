import type { Finding } from "../finding.ts";
import { echoLines, groupsOf, isOfFile, judgeAnswers, type WrongAnswer } from "./answers.ts";
import { judgeBlocking } from "./blocking.ts";
import { judgeConnections } from "./connections.ts";
import { judgeGrowth } from "./growth.ts";
import { judgeOutput } from "./output.ts";
import type { RunFacts } from "./run-facts.ts";
import { judgeState } from "./state.ts";
import { judgeSurroundings, sharedFiles } from "./surroundings.ts";

/** All findings of a run; what several of them say of the same piece of code is told once, by what a caller sees first. */
export function judgeRun(facts: RunFacts, wrong: readonly WrongAnswer[]): Finding[] {
  const groups = groupsOf(facts, wrong);
  const files = sharedFiles(facts);
  const fileOf = new Map(
    groups.map((group) => [group, files.find(({ writers }) => isOfFile(group, writers))]),
  );
  const all = [
    ...judgeAnswers(
      facts,
      groups.filter((group) => fileOf.get(group) === undefined),
    ),
    ...judgeOutput(facts),
    ...judgeState(facts),
    ...files.map((file) => {
      const echoes = groups.filter((group) => fileOf.get(group) === file);
      const lines = echoLines(facts, echoes);
      return { ...file.finding, evidence: [...file.finding.evidence, ...lines] };
    }),
    ...judgeSurroundings(facts),
    ...judgeConnections(facts),
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
