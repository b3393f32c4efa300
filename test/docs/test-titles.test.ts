import { expect, test } from "vitest";
import { titlesOf } from "./test-titles.ts";

test("titles and rows are told, comments and what tests do are not", () => {
  const source = `
    // in a comment
    const rows: readonly [string, number][] = [["a row of a constant", 1]];
    const { apart } = "taken apart";
    const other = "another constant";
    describe.runIf(process.platform === "a condition")("a describe", () => {
      test("a test", () => expect("in a test").toBe(dataOf("called in it")));
      it.skipIf(true)(\`an it of \${other}\`, async () => {});
      test.each(rows)("each %s", () => {});
      test.for([{ name: "an object's row" }, ["an array's row"]] as const)("for %o", () => {});
    });`;
  expect(titlesOf(source).toSorted()).toEqual(
    [
      "a describe",
      "a row of a constant",
      "a test",
      "an array's row",
      "an it of ",
      "",
      "an object's row",
      "each %s",
      "for %o",
    ].toSorted(),
  );
});
