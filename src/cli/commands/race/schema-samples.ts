import { resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import type { Sample } from "../../../race/race.ts";
import { quoted } from "../../../aws/quoted.ts";
import { readJson } from "./read-json.ts";

/** Events that are made of a schema unless `--count` says otherwise. */
export const usualCount = 5;

/** Events made from a JSON Schema, the same ones for the same seed. Fails with LMI_RACE_EVENTS, exit code 2. */
export async function schemaSamples(
  file: string,
  { count, seed, cwd }: { readonly count: number; readonly seed: number; readonly cwd: string },
): Promise<Sample[]> {
  const { shown, value } = await readJson(resolve(cwd, file), { cwd, flag: "--schema" });
  const [{ eventsOfSchema }, { schemaProblem }] = await Promise.all([
    import("../../../race/generate/from-schema.ts"),
    import("../../../race/generate/schema-problem.ts"),
  ]);
  const problem = schemaProblem(value);
  if (problem !== undefined)
    throw refused(`${shown} is no JSON Schema of events.`, {
      why: problem,
      next: `If it holds events themselves: lmi race --events ${quoted(shown)}`,
    });
  const events = made(shown, () => eventsOfSchema(value, count, seed));
  return events.map((event, index) => ({ name: `${shown}, event ${index + 1}`, event }));
}

/** What the library says of a schema that it makes nothing of. */
function made(shown: string, make: () => unknown[]): unknown[] {
  try {
    return make();
  } catch (error) {
    throw refused(`No events can be made of ${shown}.`, {
      why: error instanceof Error ? error.message : String(error),
      next: [
        `Make it one JSON Schema in one file, then: lmi race --schema ${quoted(shown)}`,
        "Or give events of your own: lmi race --events events/sample.json",
      ].join("\n"),
      cause: error,
    });
  }
}

function refused(
  message: string,
  reason: { readonly why: string; readonly next: string; readonly cause?: unknown },
): LmiError {
  return new LmiError("LMI_RACE_EVENTS", message, { ...reason, exitCode: ExitCode.usage });
}
