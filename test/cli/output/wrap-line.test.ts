import { array, assert, integer, property, string } from "fast-check";
import { expect, test } from "vitest";

import type { ScreenLine } from "../../../src/cli/output/screen.ts";
import { wrapLine } from "../../../src/cli/output/wrap-line.ts";

const signs = (text: string) => text.replaceAll(" ", "");
const textOf = (line: ScreenLine) =>
  line.map((span) => (typeof span === "string" ? span : span.text)).join("");

test("a long line goes on below its label, and each piece keeps its tone", () => {
  const line: ScreenLine = [
    { text: "Failed     ", tone: "faint" },
    { text: "no capacity in any zone", tone: "bad" },
  ];
  expect(wrapLine(line, 13, 27)).toEqual([
    [
      { text: "Failed     ", tone: "faint" },
      { text: "no capacity in", tone: "bad" },
    ],
    [" ".repeat(13), { text: "any zone", tone: "bad" }],
  ]);
  expect(wrapLine(line, 13, 80)).toEqual([line]);
  expect(wrapLine([], 13, 80)).toEqual([[]]);
});

test("what is longer than a line is broken anywhere", () => {
  const lines = wrapLine(["Next       ", `aws-${"x".repeat(30)}`], 13, 30);
  expect(lines.map(textOf)).toEqual([
    `Next       aws-${"x".repeat(15)}`,
    " ".repeat(13) + "x".repeat(15),
  ]);
});

test("nothing is lost, nothing is wider than the screen", () => {
  const word = string({ minLength: 1, maxLength: 40, unit: "grapheme-ascii" });
  assert(
    property(array(word, { minLength: 1 }), integer({ min: 2, max: 60 }), (words, columns) => {
      const line = words.map((text) => ({ text: `${text} `, tone: "faint" as const }));
      const lines = wrapLine(line, 13, columns).map(textOf);
      expect(Math.max(...lines.map((each) => each.length))).toBeLessThanOrEqual(columns);
      expect(signs(lines.join(""))).toBe(signs(words.join("")));
    }),
  );
});
