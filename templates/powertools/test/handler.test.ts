import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

// Then Powertools writes through the global console, where a test can look on.
process.env["POWERTOOLS_DEV"] = "true";
const { handler } = await import("../src/handler.ts");

const context = { awsRequestId: "11111111-1111-4111-8111-111111111111" };

test("accepts the sample event", async () => {
  const event = JSON.parse(
    await readFile(new URL("../events/sample.json", import.meta.url), "utf8"),
  );
  assert.deepEqual(await handler(event, context), { accepted: true, total: 1700 });
});

test("says why it refuses an order", async () => {
  assert.deepEqual(await handler({ order: "order-2", total: 0 }, context), {
    accepted: false,
    reason: "TypeError: total must be above 0",
  });
  assert.equal((await handler({}, context)).accepted, false);
});

test("writes each request's order and id on its own lines", async (t) => {
  const lines: string[] = [];
  t.mock.method(console, "info", (line: string) => lines.push(line));
  await Promise.all(
    [1, 2, 3].map((total) =>
      handler({ order: `order-${total}`, total }, { awsRequestId: `request-${total}` }),
    ),
  );
  assert.deepEqual(
    lines
      .map((line) => JSON.parse(line))
      .map(({ order, requestId, total }) => [order, requestId, total]),
    [1, 2, 3].map((total) => [`order-${total}`, `request-${total}`, total]),
  );
});
