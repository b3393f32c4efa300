import { onTestFinished, expect, test } from "vitest";
import type { Invocation, InvocationResult } from "../../../src/local/runtime/invocation.ts";
import { RuntimeApi } from "../../../src/local/runtime/runtime-api.ts";

const invocation: Invocation = {
  requestId: "44444444-0000-4000-8000-000000000000",
  payload: Buffer.from('{"a":1}'),
  functionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
  timeoutMs: 3000,
};

async function listening() {
  const results: [string, InvocationResult][] = [];
  const initErrors: string[] = [];
  const api = new RuntimeApi({
    workerReady: () => undefined,
    initError: (body) => void initErrors.push(body),
    workerLost: () => undefined,
    result: (requestId, result) => void results.push([requestId, result]),
  });
  const base = `http://${await api.listen()}/2018-06-01/runtime`;
  onTestFinished(() => api.close());
  return { api, base, results, initErrors };
}

test("serves any runtime client over HTTP, as AWS documents it", async () => {
  const { api, base, results } = await listening();
  const next = fetch(`${base}/invocation/next`);
  api.deliver(invocation);
  const given = await next;
  expect(await given.text()).toBe('{"a":1}');
  expect(given.headers.get("lambda-runtime-aws-request-id")).toBe(invocation.requestId);
  expect(given.headers.get("lambda-runtime-invoked-function-arn")).toBe(invocation.functionArn);
  expect(Number(given.headers.get("lambda-runtime-deadline-ms"))).toBeGreaterThan(Date.now());
  const posted = await fetch(`${base}/invocation/${invocation.requestId}/response`, {
    method: "POST",
    body: '{"b":2}',
  });
  expect(posted.status).toBe(202);
  expect(results).toHaveLength(1);
  expect(Buffer.from(results[0]?.[1].payload ?? []).toString()).toBe('{"b":2}');
});

test("takes an error with its type, and answers a result that comes too late", async () => {
  const { api, base, results } = await listening();
  api.deliver(invocation);
  await (await fetch(`${base}/invocation/next`)).text();
  const post = () =>
    fetch(`${base}/invocation/${invocation.requestId}/error`, {
      method: "POST",
      headers: { "lambda-runtime-function-error-type": "OrderError" },
      body: "{}",
    });
  expect((await post()).status).toBe(202);
  expect((await post()).status).toBe(202);
  expect(results.map(([, { errorType }]) => errorType)).toEqual(["OrderError"]);
});

test("takes an init error, and refuses what it does not know", async () => {
  const { base, initErrors } = await listening();
  expect((await fetch(`${base}/init/error`, { method: "POST", body: "{}" })).status).toBe(202);
  expect(initErrors).toEqual(["{}"]);
  expect((await fetch(`${base}/other`)).status).toBe(404);
});
