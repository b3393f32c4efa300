import { expect, test } from "vitest";
import { patternProblem } from "../../src/event-pattern-problem.ts";
import { matchesPattern } from "../../src/local/event-pattern.ts";

const event = {
  source: "shop",
  detail: {
    state: "Running",
    total: 12,
    paid: true,
    note: null,
    tags: ["red", "blue"],
    address: "10.1.2.3",
    key: "in/report.json",
    items: [
      { sku: "a", count: 1 },
      { sku: "b", count: 5 },
    ],
  },
};

/** Operators as in the Amazon EventBridge user guide, eb-create-pattern-operators. */
test.each<[boolean, unknown]>([
  [true, { source: ["shop", "other"] }],
  [false, { source: ["other"] }],
  [false, { source: ["SHOP"] }],
  [true, { source: ["shop"], detail: { total: [12], paid: [true], note: [null] } }],
  [false, { detail: { total: ["12"] } }],
  [false, { detail: { missing: ["x"] } }],
  [true, { detail: { tags: ["blue", "green"] } }],
  [true, { detail: { items: { sku: ["b"] } } }],
  [false, { detail: { items: { sku: ["c"] } } }],
  [true, { detail: { state: [{ prefix: "Run" }] } }],
  [true, { detail: { state: [{ prefix: { "equals-ignore-case": "run" } }] } }],
  [true, { detail: { state: [{ suffix: "ning" }] } }],
  [true, { detail: { state: [{ "equals-ignore-case": "RUNNING" }] } }],
  [true, { detail: { state: [{ "anything-but": "Stopped" }] } }],
  [false, { detail: { state: [{ "anything-but": ["Running", "Stopped"] }] } }],
  [false, { detail: { state: [{ "anything-but": { prefix: "Run" } }] } }],
  [true, { detail: { state: [{ "anything-but": { suffix: ["ped", "led"] } }] } }],
  [false, { detail: { missing: [{ "anything-but": "x" }] } }],
  [true, { detail: { total: [{ numeric: [">", 10, "<=", 12] }] } }],
  [false, { detail: { total: [{ numeric: ["<", 12] }] } }],
  [true, { detail: { total: [{ numeric: ["=", 12] }] } }],
  [true, { detail: { missing: [{ exists: false }], state: [{ exists: true }] } }],
  [false, { detail: { state: [{ exists: false }] } }],
  [true, { detail: { address: [{ cidr: "10.1.0.0/16" }] } }],
  [false, { detail: { address: [{ cidr: "10.2.0.0/16" }] } }],
  [true, { detail: { key: [{ wildcard: "in/*.json" }] } }],
  [false, { detail: { key: [{ wildcard: "in/*.csv" }] } }],
  [false, { detail: { key: [{ wildcard: String.raw`in/\*.json` }] } }],
  [true, { $or: [{ source: ["other"] }, { detail: { total: [12] } }] }],
  [false, { $or: [{ source: ["other"] }, { detail: { total: [13] } }] }],
])("%s for %j", (expected, pattern) => {
  expect(patternProblem(pattern)).toBeUndefined();
  expect(matchesPattern(pattern, event)).toBe(expected);
});

test("a star that is meant is matched as itself, whatever else the text holds", () => {
  const pattern = { key: [{ wildcard: String.raw`a\*b*(c).[d]` }] };
  expect(matchesPattern(pattern, { key: "a*b-anything-(c).[d]" })).toBe(true);
  expect(matchesPattern(pattern, { key: "axb-anything-(c).[d]" })).toBe(false);
});

test("many stars take no longer than a walk through the text", () => {
  const pattern = { key: [{ wildcard: `${"*a".repeat(60)}*b` }] };
  expect(patternProblem(pattern)).toBeUndefined();
  expect(matchesPattern(pattern, { key: "a".repeat(100_000) })).toBe(false);
  expect(matchesPattern(pattern, { key: `${"a".repeat(100_000)}b` })).toBe(true);
});

test.each([
  [true, "a*", "a"],
  [true, "*a*", "bab"],
  [false, "ab*bc", "abc"],
  [true, "ab*bc", "abbc"],
  [true, "*ab*ab", "abab"],
  [false, "*ab*ab", "ab"],
  [true, "*", ""],
  [true, String.raw`\\*`, String.raw`\x`],
  [false, "a*b", "a\nc"],
  [true, "a*b", "a\nb"],
])("%s: %s matches %j", (expected, wildcard, key) => {
  expect(matchesPattern({ key: [{ wildcard }] }, { key })).toBe(expected);
});

test.each([
  [[], /not an object/],
  [{}, /Empty objects/],
  [{ a: {} }, /Empty objects/],
  [{ a: [] }, /Empty arrays/],
  [{ a: "b" }, /must be an object or an array/],
  [{ a: [{ nonsense: 1 }] }, /Unrecognized match type nonsense/],
  [{ a: [{ prefix: "a", suffix: "b" }] }, /Unrecognized match type/],
  [{ a: [{ wildcard: "a**b" }] }, /Consecutive wildcard/],
  [{ a: [{ wildcard: String.raw`a\b` }] }, /escape/],
  [{ a: [{ "anything-but": { wildcard: "**" } }] }, /Consecutive wildcard/],
  [{ a: [{ "anything-but": { exists: "x" } }] }, /true or false/],
  [{ a: [{ "anything-but": [] }] }, /anything-but/],
  [{ a: [{ numeric: [">"] }] }, /followed by a number/],
  [{ a: [{ numeric: [] }] }, /numeric/],
  [{ a: [{ numeric: [">", "5"] }] }, /followed by a number/],
  [{ a: [{ numeric: ["~", 5] }] }, /numeric range operator: ~/],
  [{ a: [{ numeric: ["<", 5, ">", 1] }] }, /numeric range operator/],
  [{ a: [{ prefix: 5 }] }, /prefix match pattern must be a string/],
  [{ a: [{ suffix: { prefix: "a" } }] }, /suffix match pattern must be a string/],
  [{ a: [{ exists: "yes" }] }, /true or false/],
  [{ a: [{ cidr: "10.0.0.0/33" }] }, /CIDR/],
  [{ a: [["b"]] }, /Unrecognized match type array/],
  [{ $or: [{ a: "b" }] }, /must be an object or an array/],
  [{ $or: [{ a: ["b"] }, { c: [{ foo: 1 }] }] }, /Unrecognized match type foo/],
  [{ $or: ["a"] }, /not an object/],
  [{ a: [{}] }, /Unrecognized match type/],
])("%j cannot be used", (pattern, problem) => {
  expect(patternProblem(pattern)?.reason).toMatch(problem);
});
