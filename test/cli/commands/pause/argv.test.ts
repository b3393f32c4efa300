import { Command } from "commander";
import { expect, test } from "vitest";
import { pauseCommand } from "../../../../src/cli/commands/pause.ts";
import { resumeCommand } from "../../../../src/cli/commands/resume.ts";
import type { Deps } from "../../../../src/cli/deps.ts";
import { addSharedOptions } from "../../../../src/cli/shared-options.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";

type Builder = (deps: Deps, run: (options: unknown) => Promise<void>) => Command;

async function optionsOf(build: Builder, argv: string): Promise<unknown> {
  let options: unknown;
  const command = build({ system: recordingSystem() } as unknown as Deps, async (given) => {
    options = given;
  });
  const program = addSharedOptions(new Command("lmi")).addCommand(command);
  await program.parseAsync(argv.split(" "), { from: "user" });
  return options;
}

const pausing = {
  ...sharedDefaults(),
  function: undefined,
  maxWait: "30",
  schedule: undefined,
  timezone: undefined,
};

test.each([
  [pauseCommand, "pause", pausing],
  [pauseCommand, "pause hello --max-wait 5", { ...pausing, function: "hello", maxWait: "5" }],
  [
    pauseCommand,
    "pause --schedule none --timezone UTC",
    { ...pausing, schedule: "none", timezone: "UTC" },
  ],
  [resumeCommand, "resume", { ...pausing, probe: true }],
  [resumeCommand, "resume --no-probe", { ...pausing, probe: false }],
  [
    resumeCommand,
    "resume hello --probe e.json",
    { ...pausing, function: "hello", probe: "e.json" },
  ],
] as const)("%o: lmi %s", async (build, argv, expected) => {
  expect(await optionsOf(build as Builder, argv)).toEqual(expected);
});
