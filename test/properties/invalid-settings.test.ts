import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkMerged } from "../../src/cli/config/check-settings.ts";
import { mergeLayers, type Tree } from "../../src/cli/config/layers.ts";
import { faults } from "../helpers/random-settings/faults.ts";
import { broken, brokenSettings } from "../helpers/random-settings/random-faults.ts";
import { sampleProjects } from "../helpers/random-settings/random-project.ts";

/** Paths of the problems that are told, each once. */
function told(values: Tree): string[] {
  const { problems } = checkMerged(mergeLayers([{ values, origin: "lmi.json" }]), {
    name: "folder",
    environment: undefined,
  });
  return [...new Set(problems.map(({ path }) => path))].toSorted();
}

describe("what is wrong with settings is told with its path, and nothing else", () => {
  it("each kind of fault alone, in random settings", () => {
    const projects = sampleProjects(faults.length, 5);
    const wrong = faults.flatMap((fault, index) => {
      const { settings, at } = broken(projects[index]?.settings ?? {}, [fault]);
      const paths = told(settings);
      return JSON.stringify(paths) === JSON.stringify(at) ? [] : [{ fault, at, paths }];
    });
    expect(wrong).toEqual([]);
  });

  it("one to three of them in 500 random settings", () => {
    for (const { settings, at } of fc.sample(brokenSettings, { numRuns: 500, seed: 6 }))
      expect(told(settings)).toEqual(at);
  });

  it("with the file that says it, in lists, too", () => {
    const values = { functions: { f: { events: [{ type: "sqs", batchSize: 0 }] } } };
    const { problems } = checkMerged(mergeLayers([{ values, origin: "lmi.json" }]), {
      name: "folder",
      environment: undefined,
    });
    expect(problems).toMatchObject([
      { path: "functions.f.events.0.batchSize", origin: "lmi.json" },
    ]);
  });
});
