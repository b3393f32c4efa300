import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadSettings } from "../../../src/cli/config/load-settings.ts";
import { rememberedNetwork } from "../../../src/cli/lookups/look-up-network.ts";
import { buildFunction } from "../../../src/synth/build-function.ts";
import { resolveSettings } from "../../../src/synth/resolve-settings.ts";
import { settingsSchema } from "../../../src/synth/settings-schema.ts";
import { writeProject } from "./project-files.ts";
import { type RandomProject, sampleProjects } from "./random-project.ts";
import { schemaKeys, usedKeys } from "./schema-keys.ts";

const projects = sampleProjects(500);

/** CloudFormation's own, that only resources of other types have, and texts where settings have references. */
const notMade =
  /=Snapshot$|^resources\.\*\.(UpdateReplacePolicy=RetainExceptOnCreate|(Update|Creation)Policy)|^outputs\.\*\.(Value=|Export\.Name[=.])|^parameters\.\*\.\*$/;

async function written(project: RandomProject): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "lmi-random-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeProject(folder, project);
  return folder;
}

describe("random settings", () => {
  it("have every key of the schema, and every value where it lists them", () => {
    const used = new Set(
      projects.flatMap(({ lmiJson, settings }) => [...usedKeys(lmiJson), ...usedKeys(settings)]),
    );
    expect(schemaKeys().filter((key) => !used.has(key) && !notMade.test(key))).toEqual([]);
  });

  it("are the same with the same seed, and others with another one", () => {
    expect(sampleProjects(20)).toEqual(projects.slice(0, 20));
    expect(sampleProjects(20, 1)).not.toEqual(projects.slice(0, 20));
  });

  it("load from a project's files as what they come to, and their code builds", async () => {
    for (const project of projects.slice(0, 60)) {
      const cwd = await written(project);
      const environmentName = project.environment;
      const loaded = await loadSettings({ cwd, environmentName, env: {} });
      const { name } = project.settings;
      expect(loaded.settings).toEqual(
        resolveSettings(settingsSchema.parse(project.settings), {
          name,
          environment: environmentName,
        }),
      );
      const { settings } = await rememberedNetwork(loaded);
      for (const [key, own] of Object.entries(settings.functions)) {
        const { assetPath } = await buildFunction(key, own, cwd, path.join(cwd, "out"));
        expect((await readFile(assetPath)).length).toBeGreaterThan(0);
      }
    }
  });
});
