import { expect, test } from "vitest";

import { devCommand } from "../../src/cli/commands/dev.ts";
import { pushCommand } from "../../src/cli/commands/push.ts";
import { rollbackCommand } from "../../src/cli/commands/rollback.ts";
import { sharedDefaults } from "../deploy/recording-deps.ts";
import { optionsOf } from "./options-of.ts";

test.each([
  ["push", {}],
  ["push a b --watch --no-probe", { functions: ["a", "b"], watch: true, probe: false }],
  ["push --memory 4096 --max-wait 3", { settings: { memory: "4096" }, maxWait: "3" }],
  ["push a --memory 4096", { functions: ["a"], settings: { memory: "4096", function: "a" } }],
  [
    "push a --memory 4096 --function b",
    { functions: ["a"], settings: { memory: "4096", function: "b" } },
  ],
  ["push a b --memory 4096", { functions: ["a", "b"], settings: { memory: "4096" } }],
  ["push a --max-vcpu 40", { functions: ["a"], settings: { maxVcpu: "40" } }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(pushCommand, argv)).toEqual({
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
  expect(await optionsOf(rollbackCommand, argv)).toEqual({
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
  ["dev --record events/r.json", { record: "events/r.json" }],
  ["dev --inspect=9300 --port 4566", { inspect: 9300, port: 4566 }],
  ["dev --event e.json --function a", { event: "e.json", settings: { function: "a" } }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(devCommand, argv)).toEqual({
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
  expect(optionsOf(devCommand, argv)).rejects.toMatchObject({ code: "LMI_USAGE", exitCode: 2 }),
);
