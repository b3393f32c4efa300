import type { Finding, FindingKind, Place } from "../finding.ts";

/** What the source calls each thing that a run sees. */
const sameThing: Readonly<Partial<Record<FindingKind, readonly FindingKind[]>>> = {
  "answer-differs": ["module-variable", "module-collection"],
  "foreign-marker": ["module-variable", "module-collection"],
  "module-state": ["module-variable", "module-collection"],
  leak: ["module-collection", "module-variable", "signal-handler"],
  "shared-file": ["fixed-file"],
  "environment-changed": ["environment-write"],
  "working-directory-changed": ["working-directory-write"],
  "refused-handler": ["callback-handler"],
  "small-connection-pool": ["small-connection-pool"],
};

/** What run and source say, in one list: a finding of the source that the run has shown is told once, with both evidences. */
export function merged(run: readonly Finding[], source: readonly Finding[]): Finding[] {
  const confirmed = new Set<Finding>();
  const shown = run.map((finding) => {
    const read = sourceOf(finding, source);
    for (const each of read) confirmed.add(each);
    const [first] = read;
    return first
      ? {
          ...finding,
          place: finding.place ?? first.place,
          evidence: [...finding.evidence, ...read.map(readLine)],
        }
      : finding;
  });
  const rest = source.filter((finding) => !confirmed.has(finding));
  // What is certain comes before what is a hint.
  return [...shown, ...rest].toSorted((a, b) => order(a) - order(b));
}

/** What the source says of the same place; where a run knows no place, the only thing of its kind. */
function sourceOf(run: Finding, source: readonly Finding[]): Finding[] {
  const ofKind = source.filter(({ kind }) => sameThing[run.kind]?.includes(kind));
  if (run.kind === "small-connection-pool")
    return ofKind.filter(({ connections }) => connections === run.connections);
  const isOnly =
    ofKind.length === 1 && (run.kind === "refused-handler" || placesOf(run).length === 0);
  return isOnly ? ofKind : ofKind.filter((other) => isSamePlace(run, other));
}

const order = ({ verdict }: Finding) => (verdict === "unsafe" ? 0 : 1);

function isSamePlace(run: Finding, source: Finding): boolean {
  const lines = new Set(placesOf(source).map(lineOf));
  return placesOf(run).some((place) => lines.has(lineOf(place)));
}

const placesOf = ({ place, further = [] }: Finding): Place[] =>
  place ? [place, ...further] : [...further];
const lineOf = ({ file, line }: Place) => `${file}:${line}`;

function readLine({ place, what }: Finding): string {
  return `in the source${place ? `, ${place.file}:${place.line}` : ""}: ${what}`;
}
