import { Command } from "commander";
import { expect, test } from "vitest";

import { devCommand } from "../../src/cli/commands/dev.ts";
import { pushCommand } from "../../src/cli/commands/push.ts";
import { rollbackCommand } from "../../src/cli/commands/rollback.ts";
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
  const program = addSharedOptions(new Command("lmi"))
    .addCommand(devCommand(deps, take))
    .addCommand(pushCommand(deps, take))
    .addCommand(rollbackCommand(deps, take));
  await program.parseAsync(argv.split(" "), { from: "user" });
  return options;
}

test.each([
  ["push", {}],
  ["push a b --watch --no-probe", { functions: ["a", "b"], watch: true, probe: false }],
  ["push --memory 4096 --max-wait 3", { settings: { memory: "4096" }, maxWait: "3" }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(argv)).toEqual({
    ...sharedDefaults(),
    functions: [],
    settings: {},
    probe: true,
    maxWait: "15",
    watch: false,
    ...expected,
  });
});

test.each([
  ["rollback", {}],
  ["rollback a --to 4f1c --yes", { function: "a", to: "4f1c", yes: true }],
  ["rollback --list --probe {}", { list: true, probe: "{}" }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(argv)).toEqual({
    ...sharedDefaults(),
    function: undefined,
    to: undefined,
    list: false,
    probe: true,
    maxWait: "15",
    ...expected,
  });
});

test.each([
  ["dev", {}],
  ["dev --inspect", { inspect: 9229 }],
  ["dev --inspect=9300 --port 4566", { inspect: 9300, port: 4566 }],
  ["dev --event e.json --function a", { event: "e.json", settings: { function: "a" } }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(argv)).toEqual({
    ...sharedDefaults(),
    settings: {},
    event: undefined,
    inspect: undefined,
    port: 0,
    color: true,
    ...expected,
  });
});

test.each(["dev --inspect=x", "dev --port 70000", "dev --port -1"])("%s is refused", (argv) =>
  expect(optionsOf(argv)).rejects.toMatchObject({ code: "LMI_USAGE", exitCode: 2 }),
);
