import { expect, test } from "vitest";
import { judgeBlocking } from "../../../src/race/judge/blocking.ts";
import type { RunFacts } from "../../../src/race/judge/run-facts.ts";
import type { BlockedRecord } from "../../../src/race/run/worker/records.ts";

type Times = Pick<BlockedRecord, "milliseconds" | "cpuMs">;

/** Three times the same code; alone and together. */
function facts(together: Times, alone?: Times): RunFacts {
  const thrice = (times: Times | undefined) =>
    times ? [1, 2, 3].map((request) => ({ type: "blocked", request, site: 7, ...times })) : [];
  const known = { records: thrice(together), references: [{ records: thrice(alone) }] };
  return { ...known, places: { ofSite: () => undefined } } as unknown as RunFacts;
}

test.each([
  ["the machine was busy, not the code", { milliseconds: 108, cpuMs: 6 }, undefined, []],
  [
    "nothing tells the processor's time, and alone it is quick",
    { milliseconds: 108 },
    undefined,
    [],
  ],
  ["the code computes", { milliseconds: 108, cpuMs: 70 }, undefined, [70]],
  ["the code waits", { milliseconds: 108, cpuMs: 0 }, { milliseconds: 80, cpuMs: 0 }, [80]],
] as const)("looks at who keeps the event loop: %s", (_what, together, alone, expected) => {
  expect(judgeBlocking(facts(together, alone)).map(({ what }) => what)).toEqual(
    expected.map((milliseconds) => `A request keeps the event loop for ${milliseconds} ms`),
  );
});
