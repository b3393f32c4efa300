import { mkdir } from "node:fs/promises";
import path from "node:path";

import type { Template } from "../../../src/synth/synthesize.ts";
import {
  eject,
  linkPackages,
  lmiTemplate,
  synthesizeApps,
  typeErrors,
} from "../../helpers/ejected-apps.ts";
import { writeProject } from "../../helpers/random-settings/project-files.ts";
import type { RandomProject } from "../../helpers/random-settings/random-project.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

/** What the ejected apps write, beside what lmi does, to the hash of the code, and the errors of their own types. */
export async function writtenWhenEjected(projects: readonly RandomProject[]): Promise<{
  readonly written: readonly unknown[];
  readonly expected: readonly unknown[];
  readonly typeErrors: string;
}> {
  const folder = await temporaryFolder();
  await linkPackages(folder);
  const ejected: { directory: string; stackName: string; template: Template }[] = [];
  for (const [index, project] of projects.entries()) {
    const cwd = path.join(folder, "projects", String(index));
    const directory = path.join(folder, "ejected", String(index));
    await mkdir(cwd, { recursive: true });
    await writeProject(cwd, project);
    const reporter = await eject(cwd, { env: project.environment, output: directory });
    const template = await lmiTemplate(cwd, project.environment);
    const { stackName } = reporter.results[0] as { stackName: string };
    ejected.push({ directory, stackName, template });
  }
  return {
    written: await synthesizeApps(folder, ejected),
    // Which lmi wrote it is lmi's own business.
    expected: ejected.map(({ template: { Metadata: _lmi, ...rest } }) => rest),
    typeErrors: await typeErrors(
      folder,
      ejected.map(({ directory }) => directory),
    ),
  };
}
