import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzzBytes, fuzzedServices, fuzzInputs, fuzzRun } from "../local/wire/fuzz/fuzz.ts";
import { startFuzzTarget, type FuzzTarget } from "../local/wire/fuzz/fuzz-target.ts";

// The short run is in test/local/wire/fuzz. LMI_FUZZ_SEED repeats one, LMI_FUZZ_RUNS makes it longer.
const { seed, runs } = fuzzRun;

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
