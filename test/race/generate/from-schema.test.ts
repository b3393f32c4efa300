import { expect, test } from "vitest";
import { eventsOfSchema } from "../../../src/race/generate/from-schema.ts";
import { markersOf } from "../../../src/race/run/markers.ts";

const line = {
  type: "object",
  required: ["sku"],
  properties: {
    sku: { type: "string" },
    note: { type: "string" },
    count: { minimum: 1, type: "integer" },
  },
};
const order = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["customer", "lines"],
  properties: {
    kind: { const: "order" },
    type: { type: "string", maxLength: 3 },
    customer: { type: "string", minLength: 1, maxLength: 40 },
    plan: { enum: ["gold", "silver"] },
    code: { type: "string", pattern: "^[A-Z]{2}-\\d{4}$" },
    lines: { type: "array", minItems: 1, items: { $ref: "#/$defs/line" } },
  },
  $defs: { line },
};
type Order = {
  readonly type: string;
  readonly customer: string;
  readonly plan: string;
  readonly code: string;
  readonly lines: readonly {
    readonly sku: string;
    readonly note: string;
    readonly count: number;
  }[];
};

test("events fit the schema, optional members included", () => {
  for (const event of eventsOfSchema(order, 20, 7311) as Order[]) {
    expect(event).toMatchObject({ kind: "order", lines: expect.any(Array) });
    expect(event.type.length).toBeLessThanOrEqual(3);
    expect(event.customer).toMatch(/^.{8,40}$/);
    expect(["gold", "silver"]).toContain(event.plan);
    expect(event.code).toMatch(/^[A-Z]{2}-\d{4}$/);
    for (const { sku, note, count } of event.lines) {
      expect([sku.length >= 8, note.length >= 8, count >= 1]).toEqual([true, true, true]);
    }
  }
});

test("the same seed gives the same events, another one others, and each has values of its own", () => {
  const events = eventsOfSchema(order, 5, 7311);
  expect(eventsOfSchema(order, 5, 7311)).toEqual(events);
  expect(eventsOfSchema(order, 5, 7312)).not.toEqual(events);
  const markers = markersOf(
    events.map((event, index) => ({ name: `${index}`, event })),
    [],
  );
  const pointers = events.map((_, index) =>
    markers.filter(({ sample }) => sample === index).map(({ pointer }) => pointer),
  );
  for (const own of pointers)
    expect(own).toEqual(expect.arrayContaining(["/customer", "/code", "/lines/0/sku"]));
});

test("a schema that has fewer events gives those", () => {
  const few = { type: "object", required: ["on"], properties: { on: { type: "boolean" } } };
  expect(eventsOfSchema(few, 5, 1)).toHaveLength(2);
});

test("members that are named as keywords of JSON Schema are members", () => {
  const names = ["default", "enum", "example", "properties", "$defs"];
  const properties = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  for (const event of eventsOfSchema({ type: "object", properties }, 20, 7311)) {
    const values = names.map((name) => (event as Record<string, string>)[name]);
    for (const value of values) expect(value).toMatch(/^.{8,}$/);
  }
});

test("what is nested deeply is there, and a schema that contains itself comes to an end", () => {
  const nested = (levels: number): object =>
    levels === 0
      ? { type: "string" }
      : { type: "object", required: ["in"], properties: { in: nested(levels - 1) } };
  let inner: unknown = eventsOfSchema(nested(12), 1, 3)[0];
  for (let level = 0; level < 12; level += 1) inner = (inner as { in: unknown }).in;
  expect(inner).toMatch(/^.{8,}$/);

  const tree = {
    type: "object",
    properties: { all: { type: "array", items: { $ref: "#" } }, up: { $ref: "#" } },
  };
  const [event] = eventsOfSchema(tree, 1, 3);
  expect(JSON.stringify(event).length).toBeLessThanOrEqual(50_000);
});

test.each([
  ["a type that there is not", { type: "order" }, /order/],
  ["a reference to elsewhere", { $ref: "https://example.com/order.json" }, /example\.com/],
  ["nothing at all", false, /false/],
])("fails with %s", (_what, schema, message) => {
  expect(() => eventsOfSchema(schema, 1, 1)).toThrow(message);
});
