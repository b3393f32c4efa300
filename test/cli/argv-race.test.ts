import { Command } from "commander";
import { expect, test } from "vitest";

import { raceCommand } from "../../src/cli/commands/race.ts";
import type { Deps } from "../../src/cli/deps.ts";
import { addSharedOptions } from "../../src/cli/shared-options.ts";
import { sharedDefaults } from "../deploy/recording-deps.ts";
import { RecordingPrompter } from "../helpers/recording-prompter.ts";
import { RecordingReporter } from "../helpers/recording-reporter.ts";
import { recordingSystem } from "../helpers/recording-system.ts";

const deps: Deps = {
  system: recordingSystem(),
  reporter: new RecordingReporter(),
  prompter: new RecordingPrompter(),
  aws: () => Promise.reject(new Error("no AWS here")),
};

async function optionsOf(argv: string): Promise<unknown> {
  let options: unknown;
  const take = async (given: unknown) => void (options = given);
  const program = addSharedOptions(new Command("lmi")).addCommand(raceCommand(deps, take));
  await program.parseAsync(argv.split(" "), { from: "user" });
  return options;
}

test.each([
  ["race", {}],
  ["race api --events e.json --repeat 5", { function: "api", events: "e.json", repeat: "5" }],
  ["race --seed 7 --only 1,2 --network", { seed: "7", only: "1,2", network: true }],
  ["race --ignore /a --ignore /b", { ignore: ["/a", "/b"] }],
  ["race --entry a.ts --concurrency 8", { settings: { entry: "a.ts", concurrency: "8" } }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(argv)).toEqual({
    ...sharedDefaults(),
    function: undefined,
    events: undefined,
    repeat: undefined,
    seed: undefined,
    only: undefined,
    ignore: [],
    network: false,
    settings: {},
    ...expected,
  });
});
