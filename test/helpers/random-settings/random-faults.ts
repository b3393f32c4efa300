import * as fc from "fast-check";
import type { Tree } from "../../../src/cli/config/layers.ts";
import type { Fault } from "./fault.ts";
import { faults, withFault } from "./faults.ts";
import { randomProjects, sampleProjects } from "./random-project.ts";

/** Settings with one to three things wrong. */
export interface BrokenSettings {
  readonly settings: Tree;
  /** Paths of what is wrong, in order; each must be told, and nothing else. */
  readonly at: readonly string[];
}

export const brokenSettings: fc.Arbitrary<BrokenSettings> = fc
  .tuple(randomProjects, fc.array(fc.constantFrom(...faults), { minLength: 1, maxLength: 3 }))
  .map(([project, chosen]) => broken(project.settings, chosen));

/** Settings with these faults, one of each area; without functions there are no faults of functions. */
export function broken(valid: object, chosen: readonly Fault[]): BrokenSettings {
  const byArea = new Map(chosen.map((fault) => [areaOf(fault), fault]));
  const all = [...byArea.values()];
  const together = all.some(({ area }) => area === "functions")
    ? all.filter(
        ({ area }) => !/^(function |capacity|functions$)/.test(area) || area === "functions",
      )
    : all;
  return together.reduce<BrokenSettings>(
    (before, fault) => {
      const { settings, at } = withFault(before.settings, inRegionOf(valid, fault));
      return { settings, at: [...before.at, at].toSorted() };
    },
    { settings: valid as Tree, at: [] },
  );
}

/** What a fault names lies in the region of the settings: it is wrong in one way only. */
function inRegionOf(settings: object, fault: Fault): Fault {
  const region = "region" in settings ? String(settings.region) : "us-east-1";
  const moved = (put: unknown): unknown =>
    put === undefined
      ? undefined
      : JSON.parse(JSON.stringify(put).replaceAll(":us-east-1:", `:${region}:`));
  return { ...fault, puts: fault.puts.map(([path, put]) => [path, moved(put)] as const) };
}

const areaOf = ({ area }: Fault) => area;

/** One fault of each family, at random, each in random settings of its own. */
export function oneOfEachFamily(seed: number): BrokenSettings[] {
  const families = new Map<string, Fault[]>();
  for (const fault of faults) {
    const family = fault.family ?? fault.area;
    families.set(family, [...(families.get(family) ?? []), fault]);
  }
  const chosen = fc.sample(
    fc.tuple(...[...families.values()].map((all) => fc.constantFrom(...all))),
    {
      numRuns: 1,
      seed,
    },
  );
  const projects = sampleProjects(families.size, seed);
  return (chosen[0] ?? []).map((fault, index) => broken(projects[index]?.settings ?? {}, [fault]));
}
