import { expect, test } from "vitest";

import { clockOffset } from "../../../../src/cli/commands/bench/clock-offset.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";

const offsetOf = (seconds: number | undefined, { local = false } = {}) => {
  const system = recordingSystem();
  const time = new Date(system.now().getTime() + (seconds ?? 0) * 1000);
  const read = async () => (seconds === undefined ? undefined : { time, took: 100 });
  return clockOffset(recordingAws({ target: { local }, serverClock: { read } }), system);
};

test.each([
  [600, 600_550],
  [-600, -599_450],
  [10, 0],
  [undefined, 0],
])("AWS is %s s ahead: %i ms", async (seconds, offset) => {
  expect(await offsetOf(seconds)).toBe(offset);
});

test("nobody is asked on the local target, and who does not answer stops nothing", async () => {
  expect(await offsetOf(600, { local: true })).toBe(0);
  expect(await clockOffset(recordingAws({ target: { local: false } }), recordingSystem())).toBe(0);
});
