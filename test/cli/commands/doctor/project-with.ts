import { join } from "node:path";

import type { DoctorProject } from "../../../../src/cli/commands/doctor/check.ts";
import { loadSettings } from "../../../../src/cli/config/load-settings.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

/** A project of these settings, called `hello`, with these files. */
export async function projectWith(
  settings: object,
  files: Readonly<Record<string, string>> = {},
): Promise<DoctorProject> {
  const text = JSON.stringify({ name: "hello", ...settings });
  const cwd = await temporaryFolder({
    "lmi.json": text,
    "a.ts": "export const handler = async () => 1;",
    "src/handler.ts": "export const handler = async () => 1;",
    ...files,
  });
  const loaded = await loadSettings({
    cwd,
    configFile: join(cwd, "lmi.json"),
    environmentName: undefined,
    env: {},
  });
  return { ...loaded, stackName: "lmi-hello" };
}
