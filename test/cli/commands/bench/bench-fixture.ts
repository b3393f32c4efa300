import type { BenchOptions } from "../../../../src/cli/commands/bench.ts";
import type { SharedOptions } from "../../../../src/cli/shared-options.ts";

/** What `lmi bench` gets where no flag is given. */
export const benchDefaults: Omit<BenchOptions, keyof SharedOptions> = {
  function: undefined,
  rps: undefined,
  concurrency: undefined,
  targetRps: undefined,
  p99: undefined,
  payload: [],
  payloads: undefined,
  qualifier: undefined,
  url: undefined,
  duration: "10s",
  warmUp: "3s",
  arrivals: "poisson",
  seed: "1",
  workers: undefined,
  maxErrors: "10",
  maxUsd: "5",
  waitMetrics: "10m",
  report: undefined,
};
