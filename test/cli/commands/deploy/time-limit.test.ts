import { expect, test } from "vitest";

import { startLimits } from "../../../../src/cli/commands/deploy/time-limit.ts";

test("who waited for somebody else first is told of the minutes that were asked for, not of what was left", async () => {
  const times: (() => void)[] = [];
  const system = {
    interrupt: new AbortController().signal,
    interruptedBy: undefined,
    sleep: () => new Promise<void>((resolve) => void times.push(resolve)),
  };
  const limits = startLimits(system, { awsGoesOn: "AWS goes on.", comeBack: "lmi deploy" });
  const aws = { local: false, endpoint: undefined };
  // Waited for 59 of 60 minutes.
  limits.allow(60, aws)();
  limits.allow(1, aws);
  times[1]?.();
  await expect.poll(() => limits.signal.aborted).toBe(true);
  expect(limits.signal.reason).toMatchObject({
    code: "LMI_TIMED_OUT",
    message: "Not done within 60 minutes (--max-wait).",
  });
  limits.end();
});

test("less than a minute is told in seconds", async () => {
  const system = {
    interrupt: new AbortController().signal,
    interruptedBy: undefined,
    sleep: () => Promise.resolve(),
  };
  const limits = startLimits(system, { awsGoesOn: "AWS goes on.", comeBack: "lmi deploy" });
  limits.allow(0.001, { local: false, endpoint: undefined });
  await expect.poll(() => limits.signal.aborted).toBe(true);
  expect(limits.signal.reason).toMatchObject({
    message: "Not done within 0.06 seconds (--max-wait).",
  });
  limits.end();
});
