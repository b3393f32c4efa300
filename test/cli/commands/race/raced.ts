import { type RaceCommandOptions, runRace } from "../../../../src/cli/commands/race.ts";
import type { LmiError } from "../../../../src/errors.ts";
import type { Finding } from "../../../../src/race/finding.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

export const options: RaceCommandOptions = {
  ...sharedDefaults(),
  settings: {},
  function: undefined,
  events: undefined,
  schema: undefined,
  count: undefined,
  repeat: "8",
  seed: "7311",
  only: undefined,
  ignore: [],
  network: false,
};

const events = [{ customer: "c-1701" }, { customer: "c-0977" }];

/** `lmi race` in a project with these files: what it found, said and failed with. */
export async function race(
  files: Record<string, string>,
  given: Partial<RaceCommandOptions> = {},
  system: Parameters<typeof recordingSystem>[0] = {},
) {
  const cwd = await temporaryFolder({
    "lmi.json": JSON.stringify({ name: "hello", functions: { api: { concurrency: 8 } } }),
    "events/all.json": JSON.stringify(events),
    ...files,
  });
  const reporter = new RecordingReporter();
  const error = await runRace(
    { ...options, ...given },
    { system: recordingSystem({ cwd, ...system }), reporter },
  ).then(
    () => undefined,
    (thrown: LmiError) => thrown,
  );
  const findings = reporter.events
    .filter(({ type }) => type === "finding")
    .map((event) => event as unknown as Finding & { readonly type: string });
  return { error, reporter, findings, cwd };
}
