import { expect, test } from "vitest";
import type { Clock } from "../../../src/local/clock.ts";
import { createHarness, describe, template } from "./harness.ts";

/** A clock that moves when it is told to. */
function handClock() {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  const clock: Clock = {
    now: () => new Date(now),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const sleeper = { until: now + milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      }),
  };
  const forward = (minutes: number): void => {
    now += minutes * 60_000;
    for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
  };
  return { clock, forward };
}

test("TimeoutInMinutes rolls a creation back that takes longer", async () => {
  const { clock, forward } = handClock();
  const harness = createHarness({ clock, gates: new Map([["create B", new Promise(() => {})]]) });
  await harness.call("CreateStack", {
    StackName: "s",
    TimeoutInMinutes: 5,
    TemplateBody: template({ A: {}, B: { DependsOn: "A" } }),
  });
  await expect.poll(() => harness.calls, { timeout: 30_000 }).toEqual(["create A", "create B"]);
  forward(4);
  expect((await describe(harness)).StackStatus).toBe("CREATE_IN_PROGRESS");
  forward(1);
  await expect.poll(async () => (await describe(harness)).StackStatus).toBe("ROLLBACK_IN_PROGRESS");
  await expect
    .poll(async () => {
      forward(1);
      return (await describe(harness)).StackStatus;
    })
    .toBe("ROLLBACK_COMPLETE");
  await harness.service.idle();
  const { StackEvents } = await harness.call<{ StackEvents: Record<string, string>[] }>(
    "DescribeStackEvents",
    { StackName: "s" },
  );
  expect(
    StackEvents.find(({ ResourceStatus }) => ResourceStatus === "ROLLBACK_IN_PROGRESS")?.[
      "ResourceStatusReason"
    ],
  ).toBe("Stack creation time exceeded the specified timeout. Rollback requested by user.");
  expect(harness.world.size).toBe(0);
});

test("TimeoutInMinutes does nothing to a creation that is done in time", async () => {
  const { clock, forward } = handClock();
  const harness = createHarness({ clock });
  await harness.call("CreateStack", {
    StackName: "s",
    TimeoutInMinutes: 5,
    TemplateBody: template({ A: {} }),
  });
  await harness.service.idle();
  forward(10);
  expect((await describe(harness)).StackStatus).toBe("CREATE_COMPLETE");
});
