import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { Manifest } from "../../../race/source/manifests.ts";
import { nodeMajor } from "../../../synth/runtimes.ts";
import type { Settings } from "../../../synth/settings.ts";
import { functionIn } from "./race-shape.ts";
import { renderFindings } from "./render-findings.ts";

/**
 * Of a function that is not of Node.js, which race does not run, it looks at the versions of libraries that its
 * manifests name. Fails with LMI_RACE_FOUND, exit code 1, where one is known to mix up requests, and with
 * LMI_RACE_NOT_POSSIBLE, exit code 2, where none is: nothing else is looked at.
 */
export async function judgeOtherRuntimes(
  settings: Settings,
  name: string | undefined,
  { projectDir, columns }: { readonly projectDir: string; readonly columns: number },
): Promise<void> {
  const [functionName, chosen] = functionIn(settings, name);
  if (nodeMajor(chosen.runtime) !== undefined) return;
  const { manifestFindings } = await import("../../../race/source/manifests.ts");
  const manifests = await readManifests(projectDir, chosen.entry);
  const findings = manifestFindings(manifests);
  const unsafe = findings.filter(({ verdict }) => verdict === "unsafe").length;
  if (unsafe === 0)
    throw new LmiError("LMI_RACE_NOT_POSSIBLE", `${functionName} cannot be raced.`, {
      why: [
        `Its runtime is ${chosen.runtime}, and race runs functions of Node.js alone.`,
        versionsText(manifests),
        ...renderFindings(findings, columns),
      ].join("\n"),
      next: "What is unsafe in other languages: docs/concurrency.md, Other runtimes",
      exitCode: ExitCode.usage,
      details: { functionName, runtime: chosen.runtime },
    });
  throw new LmiError("LMI_RACE_FOUND", unsafe === 1 ? "1 finding" : `${unsafe} findings`, {
    why: renderFindings(findings, columns).join("\n"),
    next: `Update them. Of ${chosen.runtime}, race looks at versions of libraries alone and runs nothing.`,
    exitCode: ExitCode.failure,
    details: { requests: 0, count: unsafe },
  });
}

function versionsText(manifests: readonly Manifest[]): string {
  if (manifests.length === 0) return "No file that names its libraries lies beside its code.";
  const names = manifests.map(({ file }) => file).join(", ");
  return `Of the libraries in ${names} none is of a version known to mix up requests; nothing else is looked at.`;
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
