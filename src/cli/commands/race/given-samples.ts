import { ExitCode, LmiError } from "../../../errors.ts";
import type { Sample } from "../../../race/race.ts";
import type { RaceCommandOptions } from "../race.ts";
import { count } from "./race-shape.ts";
import { readSamples } from "./read-samples.ts";
import { schemaSamples, usualCount } from "./schema-samples.ts";

/** More events than these take long to run alone, and show nothing that fewer do not. */
const mostMade = 100;

/** The events to run: those of files, or such as are made from a schema. Fails with LMI_USAGE or LMI_RACE_EVENTS. */
export async function givenSamples(
  given: Pick<RaceCommandOptions, "events" | "schema" | "count">,
  place: { readonly projectDir: string; readonly cwd: string; readonly seed: number },
): Promise<Sample[]> {
  const { events, schema } = given;
  const made = count(given.count, "--count", mostMade);
  if (schema === undefined && made !== undefined)
    throw refused("--count says how many events are made from a schema.", "--schema <file>");
  if (schema === undefined) return readSamples(events, place);
  if (events !== undefined)
    throw refused("Events are read from files or made from a schema.", "--schema or --events");
  return schemaSamples(schema, { ...place, count: made ?? usualCount });
}

function refused(message: string, flags: string): LmiError {
  return new LmiError("LMI_USAGE", message, {
    next: `Give ${flags}: lmi race --help`,
    exitCode: ExitCode.usage,
  });
}
