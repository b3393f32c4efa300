import { expect, test } from "vitest";
import { judgeConnections } from "../../../src/race/judge/connections.ts";
import type { RunFacts } from "../../../src/race/judge/run-facts.ts";
import type { SharedConnections } from "../../../src/race/run/worker/records.ts";

type Wave = Partial<Omit<SharedConnections, "type">> & { readonly thread?: number };

/** Waves of one worker: 3 connections, of which 8 requests wait for an answer. */
function judge(waves: readonly Wave[], poolSizes: readonly number[] = []) {
  const records = waves.map((wave, index) => ({
    type: "shared-connections",
    thread: 1,
    wave: index,
    remote: "db:5432",
    connections: 3,
    pipelined: false,
    waited: 8,
    asked: 8,
    site: 4,
    ...wave,
  }));
  const places = { ofSite: () => ({ file: "a.ts", line: 3, column: 1, text: "await query();" }) };
  return judgeConnections({ records, places, poolSizes } as unknown as RunFacts);
}

const thrice = [{}, {}, {}];

test("fewer connections than requests that wait are a hint, and proven where a pool has that size", () => {
  expect(judge(thrice)).toMatchObject([
    {
      verdict: "suspicious",
      what: "8 requests of one worker wait for 3 connections",
      evidence: [
        "await query();   ← waits for db:5432",
        "never more than 3 connections open while up to 8 requests waited, in 3 of 3 waves",
        "no pool of that size stands in the source: the code may let no more through on purpose",
      ],
    },
  ]);
  const [proven] = judge(thrice, [3]);
  expect(proven).toMatchObject({ verdict: "unsafe", connections: 3 });
  expect(proven?.evidence).toHaveLength(2);
  expect(judge(thrice, [4])).toMatchObject([{ verdict: "suspicious" }]);
});

test.each<readonly [string, readonly Wave[], readonly number[]]>([
  ["it was once", [{}, { waited: 3, asked: 3 }], []],
  ["there were more connections in another wave", [...thrice, { connections: 8 }], []],
  ["a connection takes the next question before the answer", [...thrice, { pipelined: true }], []],
  // They may have waited for anything: only a pool of that size says what for.
  ["they waited for something before", thrice.map(() => ({ waited: 3 })), []],
  ["each has a connection", thrice.map(() => ({ connections: 8 })), [8]],
])("no finding where %s", (_why, waves, sizes) => {
  expect(judge(waves, sizes)).toEqual([]);
});

test("who waited for a connection just before counts where a pool has that size", () => {
  expect(
    judge(
      thrice.map(() => ({ waited: 3 })),
      [3],
    ),
  ).toMatchObject([{ verdict: "unsafe" }]);
});

test("the pools of all workers are one finding", () => {
  const found = judge([...thrice, ...thrice.map(() => ({ thread: 2, remote: "db:5433" }))]);
  expect(found.map(({ evidence }) => evidence[0])).toEqual([
    "await query();   ← waits for db:5432 and 1 more",
  ]);
});
