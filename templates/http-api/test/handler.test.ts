import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { handler } from "../src/handler.ts";

async function call(method: string, rawPath: string, body?: string) {
  const response = await handler({ rawPath, requestContext: { http: { method } }, body });
  return { status: response.statusCode, value: JSON.parse(response.body) };
}

test("answers the sample event", async () => {
  const event = JSON.parse(
    await readFile(new URL("../events/sample.json", import.meta.url), "utf8"),
  );
  const response = await handler(event);
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(response.body), { id: "pen", name: "Pen", price: 190 });
});

test("creates an order", async () => {
  const { status, value } = await call("POST", "/orders", '{"product":"ink","quantity":2}');
  assert.equal(status, 201);
  assert.equal(value.total, 1700);
});

const refused: readonly (readonly [method: string, path: string, body: string, status: number])[] =
  [
    ["GET", "/", "", 404],
    ["GET", "/nowhere", "", 404],
    ["GET", "/products/none", "", 404],
    ["DELETE", "/products", "", 405],
    ["GET", "/products/%", "", 400],
    ["POST", "/orders", "{", 400],
    ["POST", "/orders", "null", 400],
    ["POST", "/orders", '{"product":"ink","quantity":0}', 400],
  ];
for (const [method, path, body, status] of refused) {
  test(`${method} ${path} ${body} is a JSON error`, async () => {
    const response = await call(method, path, body);
    assert.equal(response.status, status);
    assert.match(response.value.error, /\w/);
  });
}

test("keeps requests apart", async () => {
  const answers = await Promise.all(
    [1, 2, 3].map((quantity) =>
      call("POST", "/orders", JSON.stringify({ product: "pen", quantity })),
    ),
  );
  assert.deepEqual(
    answers.map(({ value }) => value.quantity),
    [1, 2, 3],
  );
});
