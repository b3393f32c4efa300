import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Writable } from "node:stream";
import { test } from "node:test";

// What Lambda's runtime puts into the global scope, as far as this test needs it; the handler asks for it when it loads.
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: <H>(handle: H): H => handle,
    HttpResponseStream: {
      from: (stream: Writable, metadata: object) => Object.assign(stream, { metadata }),
    },
  },
});
const { handler } = await import("../src/handler.ts");

class Answer extends Writable {
  readonly chunks: string[] = [];
  readonly metadata: { readonly statusCode?: number } = {};

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk.toString("utf8"));
    done();
  }
}

async function call(event: Parameters<typeof handler>[0]): Promise<Answer> {
  const answer = new Answer();
  await handler(event, answer, {});
  return answer;
}

test("streams the answer to the sample event line by line", async () => {
  const event = JSON.parse(
    await readFile(new URL("../events/sample.json", import.meta.url), "utf8"),
  );
  const { chunks, metadata } = await call(event);
  assert.equal(metadata.statusCode, 200);
  assert.deepEqual(chunks, ["3\n", "2\n", "1\n", "Hello from Lambda Managed Instances!\n"]);
});

test("says what it cannot count down from", async () => {
  const { chunks, metadata } = await call({ queryStringParameters: { from: "many" } });
  assert.equal(metadata.statusCode, 400);
  assert.match(chunks.join(""), /whole number/);
});

test("keeps answers apart that are streamed at once", async () => {
  const answers = await Promise.all(
    ["1", "2", "3"].map((from) => call({ queryStringParameters: { from } })),
  );
  assert.deepEqual(
    answers.map(({ chunks }) => chunks[0]),
    ["1\n", "2\n", "3\n"],
  );
});
