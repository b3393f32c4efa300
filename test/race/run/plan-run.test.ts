import { expect, test } from "vitest";
import { foreignIn, markersOf } from "../../../src/race/run/markers.ts";
import { placeOfRequest, requestIdOf } from "../../../src/race/run/request-id.ts";
import { leavesOf } from "../../../src/race/run/sample.ts";
import { planRun } from "../../../src/race/run/together.ts";

const shape = { samples: 3, repeat: 40, concurrency: 16, workers: 2, seed: 7311 };

test("the same seed plans the same run, another one another", () => {
  expect(planRun(shape)).toEqual(planRun(shape));
  expect(planRun({ ...shape, seed: 7312 })).not.toEqual(planRun(shape));
});

test("each event comes as often as asked, and no worker takes more at once than its part", () => {
  const planned = planRun(shape);
  const counts = Map.groupBy(planned, ({ sample }) => sample);
  expect([...counts.values()].map(({ length }) => length)).toEqual([40, 40, 40]);
  const together = Map.groupBy(planned, ({ worker, wave }) => `${worker} ${wave}`);
  expect(Math.max(...[...together.values()].map(({ length }) => length))).toBe(8);
});

test("--only leaves requests where they are in the whole run", () => {
  const only = planRun({ ...shape, only: [17, 90] });
  expect(only).toEqual(planRun(shape).filter(({ number }) => [17, 90].includes(number)));
});

test("a request's id carries its place", () => {
  const place = { seed: 0xffff_fffe, number: 123_456, wave: 77, size: 8 };
  expect(requestIdOf(place)).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  expect(placeOfRequest(requestIdOf(place))).toEqual(place);
  expect(placeOfRequest("8e3c7a44-94a8-4a3e-9a51-3d1f0c2b7f11")).toBeUndefined();
});

test("values go on inside texts that are JSON", () => {
  expect(leavesOf({ body: '{"a/b":[1,{"c":null}]}', empty: [] })).toEqual([
    { pointer: "/body/a~1b/0", value: 1 },
    { pointer: "/body/a~1b/1/c", value: null },
    { pointer: "/empty", value: "[]" },
  ]);
});

test("marks are what one event alone has, and what nobody else is answered", () => {
  const samples = [
    { name: "a", event: { user: "alice-7", plan: "gold", amount: 12, order: 100_377 } },
    { name: "b", event: { user: "bob-522", plan: "gold", amount: 13, order: 100_378 } },
  ];
  const markers = markersOf(samples, ["{}", '{"seen":"100377"}']);
  expect(markers.map(({ text }) => text)).toEqual(["alice-7", "bob-522", "100378"]);
  expect(foreignIn('{"user":"bob-522"}', 0, markers)).toMatchObject([{ pointer: "/user" }]);
  expect(foreignIn('{"id":"9100378"}', 0, markers)).toEqual([]);
  expect(foreignIn('{"user":"bob-522"}', 1, markers)).toEqual([]);
});
