import { expect, test } from "vitest";
import { schemaProblem } from "../../../src/race/generate/schema-problem.ts";

test.each([
  { type: "object" },
  { type: ["object", "null"] },
  { properties: { id: { type: "string" }, any: true } },
  { $schema: "https://json-schema.org/draft/2020-12/schema", $ref: "#/$defs/a", $defs: { a: {} } },
  { enum: [{ id: 1 }] },
  { const: null },
  { anyOf: [{ type: "string" }, true] },
  { allOf: [{ required: ["id"] }] },
  { items: { type: "string" } },
  { items: [{ type: "string" }, { type: "number" }] },
  { required: ["id"] },
])("%j says something of events", (schema) => {
  expect(schemaProblem(schema)).toBeUndefined();
});

test.each([
  [[1], /array/],
  [[{ type: "object" }], /array/],
  [true, /object/],
  ["text", /object/],
  [null, /object/],
  [{}, /no type, properties/],
  [{ id: "user-alpha" }, /no type, properties/],
  [{ id: "o-1", items: [{ sku: "a" }], type: 7 }, /no type, properties/],
  [{ properties: { color: "red" }, required: true, $ref: null }, /no type, properties/],
  [{ $defs: { order: { type: "object" } } }, /no type, properties/],
])("%j does not", (value, why) => {
  expect(schemaProblem(value)).toMatch(why);
});
