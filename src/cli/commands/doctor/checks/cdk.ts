import { access, constants, readFile, realpath } from "node:fs/promises";
import path from "node:path";

import { CDK_VERSION } from "../../../../synth/eject/project-files.ts";
import { type Check, ok, type Patient, type Verdict, warning } from "../check.ts";
import { isOlder } from "../versions.ts";

/** lmi needs no `cdk`; an ejected project does, and a wrong one fails there with an error about a schema. */
export const cdkCheck: Check = { name: "cdk", run };

async function run({ system, project }: Patient): Promise<Verdict> {
  const own = project && path.join(project.projectDir, "node_modules", ".bin");
  const folders = (system.env["PATH"] ?? "").split(path.delimiter).filter(Boolean);
  const file = await firstExecutable(own === undefined ? folders : [own, ...folders]);
  if (file === undefined) return ok("none on the PATH; lmi needs none");
  const version = await versionOf(file);
  if (version === undefined) return ok(`${file}, whose version is not known; lmi needs none`);
  return judge(version, file);
}

/** 3.0.0 was published by mistake in 2025 (aws-cdk issues 38113 and 38230); there is no other 3. */
function judge(version: string, file: string): Verdict {
  const mend = `An ejected project brings its own; here: npm install --global aws-cdk@${CDK_VERSION}`;
  if (version.startsWith("3."))
    return warning(
      `${version} (${file}) was published by mistake and reads no assembly of today: schema mismatch`,
      mend,
    );
  if (isOlder(version, CDK_VERSION))
    return warning(
      `${version} (${file}) is older than ${CDK_VERSION}, which reads what lmi eject writes`,
      mend,
    );
  return ok(`${version} (${file}); lmi itself needs none`);
}

async function firstExecutable(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const file = path.join(folder, "cdk");
    // One after the other: the first one counts
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** From the package.json above the script itself: starting it would take seconds, and may ask questions. */
async function versionOf(file: string): Promise<string | undefined> {
  let folder = path.dirname(await realpath(file));
  while (folder !== path.dirname(folder)) {
    const manifest = await manifestIn(folder);
    if (manifest?.name === "aws-cdk" || manifest?.name === "cdk") return manifest.version;
    folder = path.dirname(folder);
  }
  return undefined;
}

async function manifestIn(
  folder: string,
): Promise<{ readonly name?: string; readonly version?: string } | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as object;
  } catch {
    return undefined;
  }
}
