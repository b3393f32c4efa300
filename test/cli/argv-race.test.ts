import { expect, test } from "vitest";

import { raceCommand } from "../../src/cli/commands/race.ts";
import { sharedDefaults } from "../deploy/recording-deps.ts";
import { optionsOf } from "./options-of.ts";

test.each([
  ["race", {}],
  ["race api --events e.json --repeat 5", { function: "api", events: "e.json", repeat: "5" }],
  ["race --seed 7 --only 1,2 --network", { seed: "7", only: "1,2", network: true }],
  ["race --schema s.json --count 3", { schema: "s.json", count: "3" }],
  ["race --ignore /a --ignore /b", { ignore: ["/a", "/b"] }],
  ["race --entry a.ts --concurrency 8", { settings: { entry: "a.ts", concurrency: "8" } }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(raceCommand, argv)).toEqual({
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
