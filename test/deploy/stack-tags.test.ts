import { expect, test } from "vitest";

import { changedTags } from "../../src/deploy/stack-tags.ts";

test("each tag that a deploy sets, changes or takes away; a first one sets them without a word", () => {
  const wanted = { same: "1", city: "Köln", team: "shop" };
  expect(changedTags(wanted, { same: "1", city: "Bonn", old: "x" })).toEqual([
    { name: "city", before: "Bonn", after: "Köln" },
    { name: "team", before: undefined, after: "shop" },
    { name: "old", before: "x", after: undefined },
  ]);
  expect(changedTags(wanted, undefined)).toEqual([]);
});

test.each([
  ["Köln", "K?ln"],
  ["請交月報", "????"],
  ["😀 a", "? a"],
  ["😀 a", "?? a"],
])("%s that comes back as %s is no change, of a name either", (wanted, givenBack) => {
  expect(changedTags({ a: wanted, [wanted]: "b" }, { a: givenBack, [givenBack]: "b" })).toEqual([]);
});

test("characters beyond ASCII that come back as they are, are told apart", () => {
  expect(changedTags({ city: "Köln" }, { city: "Kiln" })).toHaveLength(1);
  expect(changedTags({ city: "Köln" }, { city: "Käln" })).toHaveLength(1);
  expect(changedTags({ city: "Köln" }, { city: "K?lner" })).toHaveLength(1);
});
