import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { handler } from "../src/handler.ts";

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

test("keeps requests apart", async () => {
  const answers = await Promise.all(
    [1, 2, 3].map((total) => handler({ order: `order-${total}`, total }, context)),
  );
  assert.deepEqual(
    answers.map((answer) => answer.total),
    [1, 2, 3],
  );
});
