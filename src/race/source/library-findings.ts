import type { Finding, Place } from "../finding.ts";
import { type KnownVersion, isOlder, knownVersions } from "./library-versions.ts";

/** A library that the function uses. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly ecosystem?: KnownVersion["ecosystem"];
  /** The version is the lowest of a range: what is installed may be newer. */
  readonly atLeast?: boolean;
  /** Where the version is written, for languages whose manifests name it. */
  readonly place?: Place;
}

/** Libraries whose versions are known to mix up requests, the clients of one SDK in one finding. */
export function libraryFindings(packages: readonly Package[]): Finding[] {
  const old = packages.flatMap((used) => {
    const known = knownVersions.find(
      ({ ecosystem, names, first }) =>
        ecosystem === (used.ecosystem ?? "npm") &&
        names.test(used.name) &&
        (first === undefined || isOlder(used.version, first)),
    );
    return known ? [{ used, known }] : [];
  });
  return [...Map.groupBy(old, ({ known }) => known)].map(([known, uses]) =>
    libraryFinding(
      known,
      uses.map(({ used }) => used),
    ),
  );
}

function libraryFinding(known: KnownVersion, uses: readonly Package[]): Finding {
  const [first] = uses;
  const doubtful = known.depends === true || uses.every(({ atLeast }) => atLeast === true);
  const names = uses.map(({ name }) => name);
  return {
    kind: "library-version",
    by: "source",
    verdict: doubtful ? "suspicious" : "unsafe",
    what:
      known.first === undefined
        ? `${listed(names)} may mix up requests in every version so far`
        : `${listed(names)} ${names.length === 1 ? "is" : "are"} older than ${known.first}`,
    why: known.why,
    mend: known.mend ?? `Update to ${known.first} or later.`,
    ...(first?.place ? { place: first.place } : {}),
    evidence: [
      ...uses.map(
        ({ name, version, atLeast }) => `${name} ${atLeast ? "at least " : ""}${version}`,
      ),
      known.source,
    ],
  };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const more = names.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
