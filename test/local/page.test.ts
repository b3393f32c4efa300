import { expect, test } from "vitest";
import { pageOf } from "../../src/local/page.ts";

test("pages follow each other by their tokens, and the last has none", () => {
  const first = pageOf(["a", "b", "c"], undefined, 2);
  expect(first).toEqual({ items: ["a", "b"], next: "2" });
  expect(pageOf(["a", "b", "c"], first?.next, 2)).toEqual({ items: ["c"], next: undefined });
  expect(pageOf(["a", "b"], undefined, 2)).toEqual({ items: ["a", "b"], next: undefined });
});

test.each(["", "-1", "1.5", "x", "0x1", "9999999999"])("%j is no token", (token) => {
  expect(pageOf(["a"], token, 2)).toBeUndefined();
});
