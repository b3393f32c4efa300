import { mkdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";

import type { Template } from "../../../src/synth/synthesize.ts";
import {
  eject,
  linkPackages,
  lmiTemplate,
  synthesizeApps,
  typeErrors,
} from "../../helpers/ejected-apps.ts";
import { writeProject } from "../../helpers/random-settings/project-files.ts";
import { sampleProjects } from "../../helpers/random-settings/random-project.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

describe("ejected projects of 50 random settings", () => {
  it("write the template that lmi writes, to the hash of the code, and keep their own types", async () => {
    const folder = await temporaryFolder();
    await linkPackages(folder);
    const ejected: { directory: string; stackName: string; template: Template }[] = [];
    for (const [index, project] of sampleProjects(50).entries()) {
      const cwd = path.join(folder, "projects", String(index));
      const directory = path.join(folder, "ejected", String(index));
      await mkdir(cwd, { recursive: true });
      await writeProject(cwd, project);
      const reporter = await eject(cwd, { env: project.environment, output: directory });
      const template = await lmiTemplate(cwd, project.environment);
      const { stackName } = reporter.results[0] as { stackName: string };
      ejected.push({ directory, stackName, template });
    }
    const written = await synthesizeApps(folder, ejected);
    for (const [index, { template }] of ejected.entries()) {
      // Which lmi wrote it is lmi's own business.
      const { Metadata: _lmi, ...expected } = template;
      expect(written[index], `project ${index}`).toEqual(expected);
    }
    const directories = ejected.map(({ directory }) => directory);
    expect(await typeErrors(folder, directories)).toBe("");
  }, 300_000);
});
