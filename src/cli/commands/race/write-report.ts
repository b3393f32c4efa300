import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { makeFolder, shared } from "../../../local/make-folder.ts";
import type { RaceResult } from "../../../race/race.ts";
import { pageNotWritable } from "../../page-not-writable.ts";
import type { RaceEvents } from "./race-events.ts";
import type { RaceShape } from "./race-shape.ts";
import { type GivenRun, headline, repeatCommand } from "./render-findings.ts";

/**
 * Writes what was found, with the requests that overlapped, as a page for its owner only into the project's `.lmi`
 * folder, and returns its name relative to the project; nothing where nothing was found. Fails with
 * LMI_OUTPUT_NOT_WRITABLE, exit code 2.
 */
export async function writeReport(
  { findings }: RaceResult,
  {
    shape,
    given,
    events,
    untold,
  }: {
    readonly shape: RaceShape;
    readonly given: GivenRun;
    readonly events: RaceEvents;
    readonly untold: readonly string[];
  },
  projectDir: string,
): Promise<string | undefined> {
  if (findings.length === 0) return undefined;
  const { reportHtml } = await import("../../../race/race.ts");
  const name = join(".lmi", `race-${shape.seed}.html`);
  const file = join(projectDir, name);
  try {
    makeFolder(dirname(file), shared);
    // It holds values of events, which others may not read; a page that is there keeps its mode.
    await rm(file, { force: true });
    await writeFile(
      file,
      reportHtml({
        headline: headline(shape, events),
        findings,
        untold,
        repeat: (finding) => repeatCommand(given, shape.seed, [finding]),
      }),
      { mode: 0o600 },
    );
    return name;
  } catch (error) {
    const next = "Let yourself write there, and repeat the run.";
    throw pageNotWritable("report", file, error, next);
  }
}
