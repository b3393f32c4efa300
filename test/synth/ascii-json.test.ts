import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";

import { asciiJson } from "../../src/synth/ascii-json.ts";

test("what is not ASCII is escaped, halves of a pair one by one", () => {
  expect(asciiJson('{"é":"a\u2028🤖"}')).toBe(String.raw`{"\u00e9":"a\u2028\ud83e\udd16"}`);
});

test("any text is the same when it is read, and ASCII before", () => {
  assert(
    property(string({ unit: "binary" }), (text) => {
      const written = asciiJson(JSON.stringify({ text }));
      expect(JSON.parse(written)).toEqual({ text });
      expect(Buffer.byteLength(written)).toBe(written.length);
    }),
  );
});
