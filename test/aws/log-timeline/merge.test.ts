import { expect, test } from "vitest";
import * as fc from "fast-check";

import { merged } from "../../../src/aws/log-timeline/merge.ts";

interface Item {
  readonly time: number;
  readonly source: number;
}

async function* batches(
  times: readonly number[],
  source: number,
  size: number,
): AsyncGenerator<readonly Item[]> {
  for (let start = 0; start < times.length; start += size) {
    yield times.slice(start, start + size).map((time) => ({ time, source }));
    yield [];
  }
}

test("many sources become one in order of time, with nothing left out", async () => {
  const sorted = fc
    .array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 })
    .map((times) => times.toSorted((one, other) => one - other));
  await fc.assert(
    fc.asyncProperty(
      fc.array(sorted, { maxLength: 5 }),
      fc.integer({ min: 1, max: 7 }),
      async (sources, size) => {
        const found: Item[] = [];
        for await (const batch of merged(
          sources.map((times, index) => batches(times, index, size)),
        ))
          found.push(...batch);
        const expected = sources
          .flatMap((times, source) => times.map((time) => ({ time, source })))
          .toSorted((one, other) => one.time - other.time || one.source - other.source);
        expect(found).toEqual(expected);
      },
    ),
  );
});

test("who stops reading stops the sources", async () => {
  let stopped = 0;
  const endless = async function* () {
    try {
      for (let time = 0; ; time += 1) yield [{ time }];
    } finally {
      stopped += 1;
    }
  };
  for await (const batch of merged([endless(), endless()])) if (batch.length > 0) break;
  expect(stopped).toBe(2);
});
