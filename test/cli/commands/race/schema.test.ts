import { expect, test } from "vitest";

import { repeatCommand } from "../../../../src/cli/commands/race/render-findings.ts";
import { options, race } from "./raced.ts";

const schema = JSON.stringify({
  type: "object",
  required: ["customer", "kind"],
  properties: { customer: { type: "string" }, kind: { enum: ["order"] } },
});
const files = {
  "order.schema.json": schema,
  "src/handler.ts": `
let last = "";
export const handler = async ({ kind, customer }: any) => {
  if (kind !== "order") throw new Error("no order");
  last = customer;
  await new Promise((done) => setTimeout(done, 1));
  return { last };
};`,
};
const given = { schema: "order.schema.json", repeat: undefined };

test("makes events of a JSON Schema, the same ones for the same seed", async () => {
  const { error, findings, reporter } = await race(files, { ...given, count: "3" });
  expect(error).toMatchObject({ code: "LMI_RACE_FOUND", details: { requests: 1002 } });
  expect(error?.details?.["failedAlone"]).toEqual([]);
  expect(findings).toMatchObject([{ kind: "foreign-marker", place: { line: 2 } }]);
  const plan = reporter.events.find(({ type }) => type === "plan");
  expect(plan?.["events"]).toEqual([
    "order.schema.json, event 1",
    "order.schema.json, event 2",
    "order.schema.json, event 3",
  ]);
  const evidence = findings[0]?.evidence.slice(1, 2);
  const again = await race(files, { ...given, count: "3", only: findings[0]?.requests?.join(",") });
  expect(again.findings[0]?.evidence.slice(1, 2)).toEqual(evidence);
  const command = repeatCommand({ ...options, ...given, count: "3" }, 7311, []);
  expect(command).toBe("lmi race --schema order.schema.json --count 3 --seed 7311");
});

test.each([
  ["no schema to count by", { count: "3", schema: undefined }, "LMI_USAGE"],
  ["files and a schema", { events: "events/all.json" }, "LMI_USAGE"],
  ["more events than are worth it", { count: "101" }, "LMI_USAGE"],
  ["a schema that is not there", { schema: "oder.schema.json" }, "LMI_RACE_EVENTS"],
  ["what is no JSON", { schema: "src/handler.ts" }, "LMI_RACE_EVENTS"],
  ["what is no schema", { schema: "wrong.schema.json" }, "LMI_RACE_EVENTS"],
])("refuses %s before anything runs", async (_what, wrong, code) => {
  const { error } = await race(
    { ...files, "wrong.schema.json": '{ "type": "order" }' },
    { ...given, ...wrong },
  );
  expect(error).toMatchObject({ code, exitCode: 2 });
  expect(error?.next).toContain("lmi race ");
});

test.each([
  ["events", [{ customer: "c-1701" }], /array/],
  ["an event", { customer: "c-1701", items: [{ sku: "s-1" }], enum: "a" }, /no type/],
  ["a number", 1, /object/],
])("%s given as a schema is refused, and --events named", async (_what, value, why) => {
  const { error } = await race(
    { ...files, "my own.json": JSON.stringify(value) },
    { ...given, schema: "my own.json" },
  );
  expect(error).toMatchObject({ code: "LMI_RACE_EVENTS", exitCode: 2 });
  expect(error?.why).toMatch(why);
  expect(error?.next).toContain("lmi race --events 'my own.json'");
});

test.each([
  ["a schema that has one event alone", { const: { customer: "c-1701", kind: "order" } }, {}],
  ["one event that is wanted", JSON.parse(schema) as unknown, { count: "1" }],
])("makes no altered copies of %s: they need not fit", async (_what, lone, count) => {
  const { error, reporter } = await race(
    {
      "order.schema.json": JSON.stringify(lone),
      "src/handler.ts": "export const handler = async (event: unknown) => event;",
    },
    { ...given, ...count, repeat: "8" },
  );
  expect(error).toBeUndefined();
  expect(reporter.results).toMatchObject([{ requests: 8, failedAlone: [] }]);
  expect(reporter.said.join("\n")).toContain("warn With one event alone, requests cannot be told");
});
