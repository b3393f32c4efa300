import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import type { Sample } from "../../../race/race.ts";
import { jsonProblem } from "../invoke/json-problem.ts";

/** Where a project keeps its events. */
const eventsFolder = "events";

/**
 * The events to run: of a file with an array of them, or of every JSON file in the project's events folder, where an
 * array counts as one event each. Fails with LMI_RACE_EVENTS, exit code 2.
 */
export async function readSamples(
  file: string | undefined,
  { projectDir, cwd }: { readonly projectDir: string; readonly cwd: string },
): Promise<Sample[]> {
  const files =
    file === undefined ? await filesIn(join(projectDir, eventsFolder)) : [resolve(cwd, file)];
  const samples = (await Promise.all(files.map((each) => samplesOf(each, cwd)))).flat();
  if (samples.length > 0) return samples;
  throw new LmiError("LMI_RACE_EVENTS", "There are no events to send.", {
    why:
      file === undefined
        ? `The project has no ${eventsFolder}/*.json.`
        : `${file} is an empty array.`,
    next: "Write a JSON array of events as your function gets them: lmi race --events events.json",
    exitCode: ExitCode.usage,
  });
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => join(folder, name));
}

async function samplesOf(file: string, cwd: string): Promise<Sample[]> {
  const shown = relative(cwd, file) || file;
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new LmiError("LMI_RACE_EVENTS", `${shown} cannot be read.`, {
      why: error instanceof Error ? error.message : String(error),
      next: "Events of your own: lmi race --events events/sample.json",
      exitCode: ExitCode.usage,
    });
  });
  const problem = jsonProblem(text);
  if (problem)
    throw new LmiError("LMI_RACE_EVENTS", `${shown} is not JSON: ${problem.text}.`, {
      next: `Mend it, then: lmi race --events ${shown}`,
      exitCode: ExitCode.usage,
    });
  const value = JSON.parse(text) as unknown;
  return Array.isArray(value)
    ? value.map((event: unknown, index) => ({ name: `${shown}[${index}]`, event }))
    : [{ name: shown, event: value }];
}
