import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { handler } from "../src/handler.ts";

function batchOf(bodies: readonly string[]) {
  return { Records: bodies.map((body, index) => ({ messageId: `message-${index}`, body })) };
}

test("gives back only the message that failed", async () => {
  const event = JSON.parse(
    await readFile(new URL("../events/sample.json", import.meta.url), "utf8"),
  );
  assert.deepEqual(await handler(event), {
    batchItemFailures: [{ itemIdentifier: "22222222-2222-4222-8222-222222222222" }],
  });
});

test("a batch that is all right brings nothing back", async () => {
  const answer = await handler(batchOf(['{"id":"a","quantity":1}', '{"id":"b","quantity":2}']));
  assert.deepEqual(answer, { batchItemFailures: [] });
});

test("messages that are no orders come back, and hold up no other", async () => {
  const answer = await handler(batchOf(["{", "null", '{"id":"a","quantity":1}', '{"quantity":1}']));
  assert.deepEqual(
    answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    ["message-0", "message-1", "message-3"],
  );
});

test("keeps batches apart", async () => {
  const answers = await Promise.all([
    handler(batchOf(["{"])),
    handler(batchOf(['{"id":"a","quantity":1}'])),
    handler({}),
  ]);
  assert.deepEqual(
    answers.map(({ batchItemFailures }) => batchItemFailures.length),
    [1, 0, 0],
  );
});
