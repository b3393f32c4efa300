import type { Finding, FindingKind, Place } from "../finding.ts";
import { firstAlone } from "../run/alone.ts";
import type { FileWrite, RawPlace } from "../run/worker/records.ts";
import { reasonOf } from "./reasons.ts";
import type { RunFacts } from "./run-facts.ts";
import { brief, eventOf, recordsOf, sampleOf } from "./run-facts.ts";
import { at } from "./state-evidence.ts";

/** What all requests of an environment share besides memory and files: variables, the directory, connections. */
export function judgeSurroundings(facts: RunFacts): Finding[] {
  return [
    ...changedVariables(facts),
    ...changedDirectories(facts),
    ...smallPools(facts),
    ...rejections(facts),
    ...exits(facts),
  ];
}

type Found = Pick<Finding, "what" | "evidence" | "requests"> & {
  readonly place: Place | undefined;
  readonly further?: readonly Place[];
};

const unsafe = (kind: FindingKind, found: Found): Finding => ({
  kind,
  by: "run",
  verdict: "unsafe",
  ...reasonOf(kind),
  ...found,
});

const placeOf = ({ places }: RunFacts, place: RawPlace | undefined) =>
  place && places.ofStack(place);

/** A file that requests write for each other, and all who write it. */
export interface SharedFile {
  readonly finding: Finding;
  readonly writers: ReadonlySet<number>;
}

export function sharedFiles(facts: RunFacts): SharedFile[] {
  return [...Map.groupBy(recordsOf(facts, "file-write"), ({ path }) => path)].flatMap(
    ([path, writes]) => {
      const [first] = writes;
      const other = writes.find((write) => first && isInTheWay(facts, first, write));
      if (!first || !other) return [];
      const place = placeOf(facts, first.place);
      const overlap = Math.abs(other.startedAt - first.startedAt);
      const writers = new Set(writes.map(({ request }) => request));
      const finding = unsafe("shared-file", {
        what: `Two requests write the same file, ${path}`,
        place,
        evidence: [
          `${place?.text ?? path}   ← written by ${writers.size} requests`,
          `request ${first.request} ${eventOf(facts, first.request)} wrote ${path}`,
          `request ${other.request} ${eventOf(facts, other.request)} wrote it ${overlap.toFixed(1)} ms later`,
        ],
        requests: [first.request, other.request].toSorted((a, b) => a - b),
      });
      return { finding, writers };
    },
  );
}

/** Another request that writes other content, or, where the content is not known, one with another event. */
function isInTheWay(facts: RunFacts, one: FileWrite, other: FileWrite): boolean {
  if (one.request === other.request) return false;
  if (one.content !== undefined && other.content !== undefined)
    return one.content !== other.content;
  return sampleOf(facts, one.request) !== sampleOf(facts, other.request);
}

function changedVariables(facts: RunFacts): Finding[] {
  return [...Map.groupBy(recordsOf(facts, "environment-change"), ({ name }) => name)].flatMap(
    ([name, changes]) => {
      const [first] = changes;
      if (!first) return [];
      const other = changes.find(
        ({ request, value }) => request !== first.request && value !== first.value,
      );
      const place = placeOf(facts, first.place);
      if (!other) return [];
      return unsafe("environment-changed", {
        what: `Requests change the environment variable ${name}`,
        place,
        evidence: [
          `${place?.text ?? name}   ← during a request`,
          `request ${first.request} ${eventOf(facts, first.request)} set it to ${brief(first.value ?? "nothing")}`,
          `request ${other.request} ${eventOf(facts, other.request)} set it to ${brief(other.value ?? "nothing")}`,
        ],
        requests: [first.request, other.request].toSorted((a, b) => a - b),
      });
    },
  );
}

function changedDirectories(facts: RunFacts): Finding[] {
  const [first] = recordsOf(facts, "directory-change");
  if (!first) return [];
  const place = placeOf(facts, first.place);
  return [
    unsafe("working-directory-changed", {
      what: "A request changes the working directory",
      place,
      evidence: [
        `${place?.text ?? "process.chdir()"}   ← during a request`,
        `request ${first.request} ${eventOf(facts, first.request)} asked for ${first.path}`,
      ],
      requests: [first.request],
    }),
  ];
}

function smallPools(facts: RunFacts): Finding[] {
  const seen = Map.groupBy(
    recordsOf(facts, "small-pool"),
    ({ place, maxSockets }) => `${JSON.stringify(place)} ${maxSockets}`,
  );
  return [...seen.values()].flatMap(([first]) => {
    if (!first) return [];
    const place = placeOf(facts, first.place);
    return unsafe("small-connection-pool", {
      what: `${first.wanted} requests of one worker share a pool of ${first.maxSockets} connections`,
      place,
      evidence: [
        `${place?.text ?? "the call"}   ← to ${first.host}`,
        `maxSockets is ${first.maxSockets}; ${first.wanted} requests wanted a connection at once`,
      ],
      requests: [first.request],
    });
  });
}

function rejections(facts: RunFacts): Finding[] {
  const seen = Map.groupBy(recordsOf(facts, "rejection"), ({ message, place }) =>
    place ? JSON.stringify(place) : message,
  );
  return [...seen.values()].flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    const place = placeOf(facts, first.place);
    const lost = all.reduce((sum, { running }) => sum + running.length, 0);
    return unsafe("unhandled-rejection", {
      what: "An unhandled rejection ends the worker and the requests in it",
      place,
      evidence: [
        `${place?.text ?? "somewhere"}   ← ${brief(first.message)}`,
        `${lost} requests got no answer${first.running.length > 0 ? `, among them ${first.running.slice(0, 8).join(", ")}` : ""}`,
        ...(place ? [`thrown at ${at(place)}`] : []),
      ],
      requests: first.running.slice(0, 8),
    });
  });
}

function exits(facts: RunFacts): Finding[] {
  const alone = facts.references.flatMap(({ records }) => records);
  const all = recordsOf({ records: [...facts.records, ...alone] }, "exit");
  return [...Map.groupBy(all, ({ place }) => JSON.stringify(place)).values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const place = placeOf(facts, first.place);
    const lost = new Set(
      same.flatMap(({ running }) => running).filter((each) => each < firstAlone),
    );
    return unsafe("worker-exit", {
      what: "The code ends the worker and the requests in it",
      place,
      evidence: [
        `${place?.text ?? "somewhere"}   ← ends it with code ${first.exitCode}`,
        ...(lost.size > 0 ? [`${lost.size} requests got no answer`] : []),
      ],
      requests: [...lost].slice(0, 8),
    });
  });
}
