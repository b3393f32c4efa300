import { expect, test } from "vitest";

import { benchCommand } from "../../src/cli/commands/bench.ts";
import { sharedDefaults } from "../deploy/recording-deps.ts";
import { benchDefaults } from "./commands/bench/bench-fixture.ts";
import { optionsOf } from "./options-of.ts";

test.each([
  ["bench", {}],
  ["bench fn --rps 500 --p99 200ms", { function: "fn", rps: "500", p99: "200ms" }],
  ["bench --concurrency 1,8 --target-rps 9", { concurrency: "1,8", targetRps: "9" }],
  ["bench -p a.json --payload b.json", { payload: ["a.json", "b.json"] }],
  ["bench --payloads e.jsonl --qualifier 3", { payloads: "e.jsonl", qualifier: "3" }],
  ["bench --workers", { workers: true }],
  ["bench --workers 4 --seed 7 --arrivals even", { workers: "4", seed: "7", arrivals: "even" }],
  ["bench --duration 30s --warm-up 0s", { duration: "30s", warmUp: "0s" }],
  ["bench --url", { url: true }],
  ["bench hello --url /orders?n=1", { function: "hello", url: "/orders?n=1" }],
  ["bench --wait-metrics 0s", { waitMetrics: "0s" }],
  [
    "bench --max-errors 1 --max-usd 2 --report r.html",
    { maxErrors: "1", maxUsd: "2", report: "r.html" },
  ],
])("%s", async (argv, expected) => {
  expect(await optionsOf(benchCommand, argv)).toEqual({
    ...sharedDefaults(),
    ...benchDefaults,
    ...expected,
  });
});
