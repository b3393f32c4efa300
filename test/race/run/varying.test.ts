import { expect, test } from "vitest";
import { leafMap } from "../../../src/race/run/alone.ts";
import { varyingIn, withoutNewKeys } from "../../../src/race/run/varying.ts";

const varying = (...answers: readonly unknown[]) =>
  varyingIn(answers.map((answer) => leafMap(JSON.stringify(answer))));

test("what differs alone varies, and nothing beside it", () => {
  const seen = varying({ id: 1, plan: "gold" }, { id: 2, plan: "gold" });
  expect([seen.has("/id"), seen.has("/plan"), seen.has("/other")]).toEqual([true, false, false]);
});

test("where keys differ alone any other key may come, but what all have is still compared", () => {
  const seen = varying({ all: { a: { n: 1 }, sum: 3 } }, { all: { b: { n: 1 }, sum: 3 } });
  expect(seen.has("/all/c/n")).toBe(true);
  expect(seen.has("/all/sum")).toBe(false);
});

test("where a length differs alone nothing in the array is compared", () => {
  const seen = varying({ items: [{ n: 1 }] }, { items: [{ n: 1 }, { n: 1 }] });
  expect([seen.has("/items"), seen.has("/items/0/n"), seen.has("/items/4/n")]).toEqual([
    true,
    true,
    true,
  ]);
  const empty = varying({ items: [] }, { items: ["a"] });
  expect([empty.has("/items"), empty.has("/items/1")]).toEqual([true, true]);
});

test("keys that no answer alone has are one place", () => {
  const known = leafMap(JSON.stringify({ all: { sum: 3 }, n: 1 }));
  const pointers = ["/all/sum", "/all/7f3a", "/all/91bc", "/n"];
  expect(pointers.map((pointer) => withoutNewKeys(pointer, known))).toEqual([
    "/all/sum",
    "/all/*",
    "/all/*",
    "/n",
  ]);
});
