import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzzBytes, fuzzedServices, fuzzInputs } from "../local/wire/fuzz/fuzz.ts";
import { startFuzzTarget, type FuzzTarget } from "../local/wire/fuzz/fuzz-target.ts";

// The short run is in test/local/wire/fuzz. LMI_FUZZ_SEED repeats one, LMI_FUZZ_RUNS makes it longer.
// The same in CI each time, another one by hand.
const usual = process.env["CI"] ? 1 : Date.now() % 1_000_000;
const seed = Number(process.env["LMI_FUZZ_SEED"] ?? usual);
const runs = Number(process.env["LMI_FUZZ_RUNS"] ?? 3000);

let target: FuzzTarget;
beforeAll(async () => {
  target = await startFuzzTarget();
});
afterAll(() => target.close());

test.each(fuzzedServices)(`%s and ${runs} wild inputs (seed ${seed})`, async (service) => {
  expect(await fuzzInputs(target, service, { numRuns: runs, seed })).toBe(runs);
});

test.each(fuzzedServices)(`%s and ${runs} requests of bytes (seed ${seed})`, async (service) => {
  expect(await fuzzBytes(target, service, { numRuns: runs, seed })).toBe(runs);
});
