import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { handler } from "../src/handler.ts";

test("answers with the event", async () => {
  const event = JSON.parse(await readFile(new URL("../events/sample.json", import.meta.url), "utf8"));
  const response = await handler(event);
  assert.equal(response.statusCode, 200);
  assert.deepEqual(JSON.parse(response.body), { message: "Hello from Lambda Managed Instances!", event });
});

test("keeps requests apart", async () => {
  const responses = await Promise.all([1, 2, 3].map((id) => handler({ id })));
  assert.deepEqual(
    responses.map(({ body }) => JSON.parse(body).event.id),
    [1, 2, 3],
  );
});
