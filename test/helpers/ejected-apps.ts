import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";

import { type EjectOptions, runEject } from "../../src/cli/commands/eject.ts";
import { runSynth } from "../../src/cli/commands/synth.ts";
import type { Template } from "../../src/synth/synthesize.ts";
import { RecordingReporter } from "./recording-reporter.ts";
import { recordingSystem } from "./recording-system.ts";
import { sharedDefaults } from "../deploy/recording-deps.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

const shared = {
  ...sharedDefaults(),
  settings: {},
};

/** `lmi eject` in a project's folder. */
export async function eject(cwd: string, given: Partial<EjectOptions> = {}) {
  const reporter = new RecordingReporter();
  const options: EjectOptions = {
    ...shared,
    format: "cdk",
    output: undefined,
    force: false,
    ...given,
  };
  await runEject(options, { system: recordingSystem({ cwd }), reporter });
  return reporter;
}

/** What `lmi synth` prints there. */
export async function lmiTemplate(cwd: string, env?: string): Promise<Template> {
  const reporter = new RecordingReporter();
  const options = { ...shared, env, format: "json", output: undefined, showOrigin: false } as const;
  await runSynth(options, { system: recordingSystem({ cwd }), reporter });
  return JSON.parse(JSON.stringify(reporter.results[0])) as Template;
}

/** What `npm install` would bring, for all projects below the folder. */
export async function linkPackages(folder: string): Promise<void> {
  await symlink(path.join(repository, "node_modules"), path.join(folder, "node_modules"), "dir");
}

/** Runs the apps of ejected projects in one process; gives the template that each wrote. */
export async function synthesizeApps(
  folder: string,
  projects: readonly { readonly directory: string; readonly stackName: string }[],
): Promise<Template[]> {
  const out = projects.map((_, index) => path.join(folder, "out", String(index)));
  const script = path.join(folder, "synthesize.mjs");
  const imports = projects.map(({ directory }, index) => {
    const app = JSON.stringify(path.join(directory, "infra", "app.ts"));
    return `process.env.CDK_OUTDIR = ${JSON.stringify(out[index])}; await import(${app});`;
  });
  await mkdir(path.join(folder, "out"), { recursive: true });
  await writeFile(script, `process.setMaxListeners(0);\n${imports.join("\n")}\n`);
  await run(process.execPath, [script], { cwd: folder, maxBuffer: 1e8 });
  return Promise.all(
    projects.map(async ({ stackName }, index) => {
      const file = path.join(out[index] ?? "", `${stackName}.template.json`);
      return JSON.parse(await readFile(file, "utf8")) as Template;
    }),
  );
}

/** `tsc` with the ejected projects' own settings; what it finds, or nothing. */
export async function typeErrors(folder: string, directories: readonly string[]): Promise<string> {
  const [first = ""] = directories;
  const own = await readFile(path.join(first, "infra", "tsconfig.json"), "utf8");
  const all = {
    ...(JSON.parse(own) as object),
    include: directories.map((directory) => `${path.relative(folder, directory)}/infra`),
  };
  await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(all));
  const tsc = path.join(repository, "node_modules", "typescript", "bin", "tsc");
  return run(process.execPath, [tsc, "-p", folder], { cwd: folder, maxBuffer: 1e8 }).then(
    ({ stdout }) => stdout,
    (failure: { readonly stdout: string }) => failure.stdout,
  );
}
