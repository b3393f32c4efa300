import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { Manifest } from "../../../race/source/manifests.ts";
import { nodeMajor } from "../../../synth/runtimes.ts";
import type { Settings } from "../../../synth/settings.ts";
import { renderFindings } from "./render-findings.ts";

/**
 * Of a function that is not of Node.js, which race does not run, it looks at the versions of libraries that its
 * manifests name. Fails with LMI_RACE_FOUND, exit code 1, where one is known to mix up requests.
 */
export async function refuseOldLibraries(
  { functions }: Settings,
  name: string | undefined,
  { projectDir, columns }: { readonly projectDir: string; readonly columns: number },
): Promise<void> {
  const chosen = name === undefined ? Object.values(functions)[0] : functions[name];
  if (!chosen || nodeMajor(chosen.runtime) !== undefined) return;
  const { manifestFindings } = await import("../../../race/source/manifests.ts");
  const findings = manifestFindings(await readManifests(projectDir, chosen.entry));
  const unsafe = findings.filter(({ verdict }) => verdict === "unsafe").length;
  if (unsafe === 0) return;
  throw new LmiError("LMI_RACE_FOUND", unsafe === 1 ? "1 finding" : `${unsafe} findings`, {
    why: renderFindings(findings, columns).join("\n"),
    next: `Update them. Of ${chosen.runtime}, race looks at versions of libraries alone and runs nothing.`,
    exitCode: ExitCode.failure,
    details: { requests: 0, findings: findings.length },
  });
}

/** Those in the project's folder, in the entry's and in the one around that. */
async function readManifests(projectDir: string, entry: string): Promise<Manifest[]> {
  const { isManifest } = await import("../../../race/source/manifests.ts");
  const code = resolve(projectDir, entry);
  const folders = new Set([projectDir, code, dirname(code)]);
  const found = await Promise.all(
    [...folders].map(async (folder) => {
      const names = await readdir(folder).catch(() => []);
      return names.filter((file) => isManifest(file)).map((file) => join(folder, file));
    }),
  );
  return Promise.all(
    found.flat().map(async (path) => ({
      file: relative(projectDir, path),
      text: await readFile(path, "utf8"),
    })),
  );
}
