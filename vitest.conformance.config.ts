import process from "node:process";
import { defineConfig } from "vitest/config";
import usual from "./vitest.config.ts";

/** Proofs that take more than a minute each: `npm run test:conformance`. */
export default defineConfig({
  test: {
    ...usual.test,
    globalSetup: ["test/conformance/install-clients.mjs"],
    include: ["test/conformance/**/*.test.ts"],
    exclude: [],
    // Their processes take all CPUs by themselves.
    maxWorkers: 1,
    // Cells of the fault matrix share one process, and mostly wait: for a first answer, or before they ask again.
    maxConcurrency: 8,
    // Processes, kills and load: what fails is tried once more in CI, and the report says so; by hand it never is.
    retry: process.env["CI"] ? 1 : 0,
    testTimeout: 30 * 60_000,
    hookTimeout: 5 * 60_000,
  },
});
