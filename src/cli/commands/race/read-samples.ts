import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import type { Sample } from "../../../race/race.ts";
import { readJson } from "./read-json.ts";

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
    next: [
      "Write a JSON array of events as your function gets them: lmi race --events events.json",
      "Or record some: lmi dev --record events/recorded.json",
      "Or have some made of a JSON Schema: lmi race --schema order.schema.json",
    ].join("\n"),
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
  const { shown, value } = await readJson(file, { cwd, flag: "--events" });
  return Array.isArray(value)
    ? value.map((event: unknown, index) => ({ name: `${shown}[${index}]`, event }))
    : [{ name: shown, event: value }];
}
