import { loadSettings } from "../../src/cli/config/load-settings.ts";
import { race, type RaceOptions } from "../../src/race/race.ts";

interface Entry extends Pick<RaceOptions, "repeat" | "variables" | "copies"> {
  readonly folder: string;
  /** Below the folder. */
  readonly entry: string;
  readonly events: readonly unknown[];
}

/** What is unsafe in a handler for `lmi race`, at a concurrency at which two workers are busy. */
export async function unsafeIn({ folder, entry, events, repeat, variables, copies }: Entry) {
  const loaded = await loadSettings({ cwd: folder, env: {}, flags: { entry } });
  const [settings] = Object.values(loaded.settings.functions);
  if (!settings) throw new Error(`${entry} has no settings.`);
  const { findings } = await race({
    projectDir: folder,
    functionName: "raced",
    settings,
    variables,
    samples: events.map((event, index) => ({ name: `${index}`, event })),
    copies,
    repeat,
    concurrency: 16,
    workers: 2,
    seed: 7311,
    only: undefined,
    ignore: [],
    network: false,
    log: () => undefined,
    onProgress: () => undefined,
  });
  return findings.filter(({ verdict }) => verdict === "unsafe");
}
