import * as fc from "fast-check";
import type { Tree } from "../../../src/cli/config/layers.ts";
import type { Fault } from "./fault.ts";
import { faults, withFault } from "./faults.ts";
import { randomProjects } from "./random-project.ts";

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
      const { settings, at } = withFault(before.settings, fault);
      return { settings, at: [...before.at, at].toSorted() };
    },
    { settings: valid as Tree, at: [] },
  );
}

const areaOf = ({ area }: Fault) => area;
