import { cloudFormationTexts } from "../../../synth/eject/cloudformation.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Prepared } from "../deploy/prepare.ts";
import { type EjectedProject, regionOf } from "./ejected-project.ts";

/** The stack of a project as a template with its archives. */
export async function cloudFormationProject(
  loaded: LoadedSettings,
  { settings, stackName, template, functions }: Prepared,
): Promise<EjectedProject> {
  const archives = functions.map(({ name, assetPath, assetHash }) => ({
    from: assetPath,
    file: `code/${name}.zip`,
    objectKey: `${assetHash}.zip`,
  }));
  const region = regionOf(loaded);
  return {
    texts: await cloudFormationTexts({ settings, stackName, region, template, archives }),
    copies: Object.fromEntries(archives.map(({ file, from }) => [file, from])),
    notes: [],
    next: "README.md there has the commands that deploy it",
  };
}
