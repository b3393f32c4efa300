import { expect, test, vi } from "vitest";
import { instrumentApi, type Watches } from "../../../src/race/run/worker/instrument-api.ts";
import type { CrossRead, WorkerRecord } from "../../../src/race/run/worker/records.ts";
import { currentRequest } from "../../../src/race/run/worker/request.ts";
import { CollectionWatch } from "../../../src/race/run/worker/watch-collections.ts";
import { StateWatch } from "../../../src/race/run/worker/watch-state.ts";

const told = vi.hoisted(() => [] as WorkerRecord[]);
vi.mock(import("../../../src/race/run/worker/tell.ts"), () => ({
  tell: (record: WorkerRecord) => void told.push(record),
}));

const as = (number: number, work: () => unknown) => currentRequest.run({ number } as never, work);

/** Two requests call methods of one collection, one after the other, and the first one reads all of it. */
function ownAtRead(target: object, calls: readonly [method: string, ...unknown[]][]) {
  told.length = 0;
  const watches = { state: new StateWatch(), collections: new CollectionWatch() };
  const { c } = instrumentApi(watches as unknown as Watches, {});
  calls.forEach(([method, ...args], index) =>
    as(index + 1, () => c(target as never, method, index, "it", ...args)),
  );
  as(1, () => c(target as never, "forEach", 9, "it", () => undefined));
  return told.filter((record): record is CrossRead & WorkerRecord => record.type === "cross-read");
}

test.each([
  [
    "a list that both push to",
    [],
    [
      ["push", "a"],
      ["push", "b"],
    ],
  ],
  [
    "a set that both add to",
    new Set(),
    [
      ["add", "a"],
      ["add", "b"],
    ],
  ],
  [
    "a map with a key for each",
    new Map(),
    [
      ["set", "k1", "a"],
      ["set", "k2", "b"],
    ],
  ],
  [
    "a map that one takes its own out of",
    new Map(),
    [
      ["set", "k1", "a"],
      ["delete", "k2"],
    ],
  ],
] as const)(
  "who reads the whole of %s reads nothing in place of its own",
  (_what, target, calls) => {
    expect(ownAtRead(target, calls as never)).toMatchObject([{ reader: 1, writer: 2 }]);
    expect(told[0]).toHaveProperty("own", undefined);
  },
);

test("who fills what another one has filled has replaced it", () => {
  const reads = ownAtRead(
    [0],
    [
      ["fill", "a"],
      ["fill", "b"],
    ],
  );
  expect(reads).toMatchObject([{ own: "a", value: "b" }]);
});
