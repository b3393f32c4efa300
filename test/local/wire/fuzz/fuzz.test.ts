import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzzBytes, fuzzedServices, fuzzInputs, fuzzRun } from "./fuzz.ts";
import { startFuzzTarget, type FuzzTarget } from "./fuzz-target.ts";

// The long run of the same properties is in test/conformance/wire-fuzz.test.ts.
const { seed } = fuzzRun;
let target: FuzzTarget;
beforeAll(async () => {
  target = await startFuzzTarget();
});
afterAll(() => target.close());

test.each(fuzzedServices)(
  "%s refuses wild inputs by a typed error, and never fails",
  async (service) => {
    expect(await fuzzInputs(target, service, { numRuns: 150, seed })).toBe(150);
  },
);

test.each(fuzzedServices)(
  "%s refuses bytes without sense by a typed error, and never fails",
  async (service) => {
    expect(await fuzzBytes(target, service, { numRuns: 60, seed })).toBe(60);
  },
);
