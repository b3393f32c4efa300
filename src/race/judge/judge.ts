import type { Finding } from "../finding.ts";
import {
  echoLines,
  groupsOf,
  isOfFile,
  judgeAnswers,
  type WrongAnswer,
  type WrongGroup,
} from "./answers.ts";
import { judgeBlocking } from "./blocking.ts";
import { judgeConnections } from "./connections.ts";
import { judgeGrowth } from "./growth.ts";
import { isSentOfFile, judgeOutput, type SentGroup, sentGroups, sentLines } from "./output.ts";
import type { RunFacts } from "./run-facts.ts";
import { judgeState } from "./state.ts";
import { judgeSurroundings, type SharedFile, sharedFiles } from "./surroundings.ts";

/** All findings of a run; what several of them say of the same piece of code is told once, by what a caller sees first. */
export function judgeRun(facts: RunFacts, wrong: readonly WrongAnswer[]): Finding[] {
  const answers = groupsOf(facts, wrong);
  const sent = sentGroups(facts);
  const files = sharedFiles(facts);
  const ofFile = new Map<WrongGroup | SentGroup, SharedFile | undefined>([
    ...answers.map(
      (group) => [group, files.find(({ writers }) => isOfFile(group, writers))] as const,
    ),
    ...sent.map(
      (group) => [group, files.find(({ writers }) => isSentOfFile(group, writers))] as const,
    ),
  ]);
  const by = (file: SharedFile | undefined) => (group: WrongGroup | SentGroup) =>
    ofFile.get(group) === file;
  const all = [
    ...judgeAnswers(facts, answers.filter(by(undefined))),
    ...judgeOutput(facts, sent.filter(by(undefined))),
    ...judgeState(facts),
    ...files.map((file) => {
      const echoes = echoLines(facts, answers.filter(by(file)));
      const lines = sentLines(sent.filter(by(file)));
      return { ...file.finding, evidence: [...file.finding.evidence, ...echoes, ...lines] };
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
