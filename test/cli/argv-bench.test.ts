import { Command } from "commander";
import { expect, test } from "vitest";

import { benchCommand } from "../../src/cli/commands/bench.ts";
import { addSharedOptions } from "../../src/cli/shared-options.ts";
import { sharedDefaults } from "../deploy/recording-deps.ts";
import { RecordingPrompter } from "../helpers/recording-prompter.ts";
import { RecordingReporter } from "../helpers/recording-reporter.ts";
import { recordingSystem } from "../helpers/recording-system.ts";
import { benchDefaults } from "./commands/bench/bench-fixture.ts";

const deps = {
  system: recordingSystem(),
  reporter: new RecordingReporter(),
  prompter: new RecordingPrompter(),
  aws: () => Promise.reject(new Error("no AWS here")),
};

test.each([
  ["bench", {}],
  ["bench fn --rps 500 --p99 200ms", { function: "fn", rps: "500", p99: "200ms" }],
  ["bench --concurrency 1,8 --target-rps 9", { concurrency: "1,8", targetRps: "9" }],
  ["bench -p a.json --payload b.json", { payload: ["a.json", "b.json"] }],
  ["bench --payloads e.jsonl --qualifier 3", { payloads: "e.jsonl", qualifier: "3" }],
  ["bench --workers", { workers: true }],
  ["bench --workers 4 --seed 7 --arrivals even", { workers: "4", seed: "7", arrivals: "even" }],
  ["bench --duration 30s --warm-up 0s", { duration: "30s", warmUp: "0s" }],
  [
    "bench --max-errors 1 --max-usd 2 --report r.html",
    { maxErrors: "1", maxUsd: "2", report: "r.html" },
  ],
])("%s", async (argv, expected) => {
  let options: unknown;
  const command = benchCommand(deps, async (given) => void (options = given));
  const program = addSharedOptions(new Command("lmi")).addCommand(command);
  await program.parseAsync(argv.split(" "), { from: "user" });
  expect(options).toEqual({ ...sharedDefaults(), ...benchDefaults, ...expected });
});
