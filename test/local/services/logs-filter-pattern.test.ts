import { expect, test } from "vitest";
import { parseFilterPattern } from "../../../src/local/services/logs/filter-pattern.ts";

const json = JSON.stringify({
  level: "ERROR",
  ms: 120,
  big: 2.5e3,
  ok: true,
  user: null,
  ip: "10.1.2.3",
  tags: ["a", "b"],
  nested: { "odd key": "x", list: [{ id: 1 }, { id: 2 }] },
});

test.each([
  ["", "anything", true],
  ["ERROR", "[ERROR] no", true],
  ["ERROR", "error", false],
  ["ERROR timeout", "timeout ERROR", true],
  ["ERROR timeout", "ERROR", false],
  ['"no such"', "no such file", true],
  ['"no such"', "such no", false],
  ["ERROR -expected", "ERROR expected", false],
  ["ERROR -expected", "ERROR other", true],
  ["?ERROR ?WARN", "WARN", true],
  ["?ERROR ?WARN", "INFO", false],
  ["INFO ?WARN", "INFO", true],
  ["%err[0-9]+%", "err42", true],
  ["%err[0-9]+%", "err", false],
  ['{ $.level = "ERROR" }', json, true],
  ["{ $.level = ERR* }", json, true],
  ['{ $.level = "WARN" }', json, false],
  ['{ $.level != "WARN" }', json, true],
  ['{ $.missing != "WARN" }', json, false],
  ["{ $.ms > 100 && $.ms <= 120 }", json, true],
  ["{ $.ms > 120 }", json, false],
  ["{ $.big = 2500 }", json, true],
  ['{ $.level = "WARN" || $.level = "ERROR" && $.ms < 0 }', json, false],
  ['{ ($.level = "WARN" || $.level = "ERROR") && $.ms > 0 }', json, true],
  ["{ $.ok IS TRUE }", json, true],
  ["{ $.ok IS FALSE }", json, false],
  ["{ $.user IS NULL }", json, true],
  ["{ $.missing NOT EXISTS }", json, true],
  ["{ $.user NOT EXISTS }", json, false],
  ['{ $.tags[1] = "b" }', json, true],
  ['{ $.tags[*] = "b" }', json, true],
  ['{ $.nested["odd key"] = "x" }', json, true],
  ["{ $.nested.list[*].id = 2 }", json, true],
  ["{ $.ip = 10.1.* }", json, true],
  ["{ $.ip = %^10\\.[0-9]% }", json, true],
  ['{ $.level = "ERROR" }', "ERROR in plain text", false],
])("%s on %s", (pattern, message, expected) => {
  expect(parseFilterPattern(pattern)(message)).toBe(expected);
});

test.each([
  "{ $.a = 1",
  "{ $.a }",
  "{ $.a = }",
  "{ $.a > x }",
  "{ ($.a = 1 }",
  "[a, b]",
  "%[%",
  '"open',
])("%s is refused", (pattern) => {
  expect(() => parseFilterPattern(pattern)).toThrow(
    expect.objectContaining({
      code: "InvalidParameterException",
      message: expect.stringContaining("Invalid filter pattern"),
    }),
  );
});
