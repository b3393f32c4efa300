import { connect } from "node:net";
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
  const ready = Promise.withResolvers<void>();
  const api = new RuntimeApi({
    ready: () => ready.resolve(),
    initError: ({ errorType, body }) => void initErrors.push(`${errorType} ${body}`),
    result: (requestId, result) => void results.push([requestId, result]),
  });
  const base = `http://${await api.listen()}/2018-06-01/runtime`;
  onTestFinished(() => api.close());
  return { api, base, results, initErrors, ready: ready.promise };
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

test("takes an error with its type, and refuses a second answer", async () => {
  const { api, base, results } = await listening();
  api.deliver(invocation);
  await (await fetch(`${base}/invocation/next`)).text();
  const post = () =>
    fetch(`${base}/invocation/${invocation.requestId}/error`, {
      method: "POST",
      headers: { "lambda-runtime-function-error-type": "Function.OrderError" },
      body: "{}",
    });
  expect((await post()).status).toBe(202);
  const second = await post();
  expect([second.status, await second.json()]).toEqual([
    400,
    { errorType: "InvalidRequestID", errorMessage: "Invalid request ID" },
  ]);
  expect(results.map(([, { errorType }]) => errorType)).toEqual(["Function.OrderError"]);
});

test("tells the runtime that its result comes too late, once", async () => {
  const { api, base, results } = await listening();
  api.deliver(invocation);
  await (await fetch(`${base}/invocation/next`)).text();
  api.forget(invocation.requestId);
  const post = async () => {
    const url = `${base}/invocation/${invocation.requestId}/response`;
    const answer = await fetch(url, { method: "POST", body: "{}" });
    return [answer.status, await answer.json()];
  };
  const late = { errorType: "InvokeTimeout", errorMessage: "Invoke timeout" };
  expect(await post()).toEqual([410, late]);
  expect((await post())[0]).toBe(400);
  expect(results).toEqual([]);
});

test.each([
  ["OrderError", "Runtime.Unknown"],
  ["Function.x", "Function.Unknown"],
  ["Runtime.OrderError", "Runtime.OrderError"],
])("an error of type %s counts as %s", async (named, counted) => {
  const { api, base, results } = await listening();
  api.deliver(invocation);
  await (await fetch(`${base}/invocation/next`)).text();
  const headers = { "lambda-runtime-function-error-type": named };
  await fetch(`${base}/invocation/${invocation.requestId}/error`, { method: "POST", headers });
  expect(results[0]?.[1].errorType).toBe(counted);
});

test("refuses a response mode that it does not know, and tells the caller", async () => {
  const { api, base, results } = await listening();
  api.deliver(invocation);
  await (await fetch(`${base}/invocation/next`)).text();
  const answer = await fetch(`${base}/invocation/${invocation.requestId}/response`, {
    method: "POST",
    headers: { "lambda-runtime-function-response-mode": "buffered" },
    body: "{}",
  });
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { errorType: "InvalidFunctionResponseMode", errorMessage: "Invalid function response mode" },
  ]);
  expect(results[0]?.[1].errorType).toBe("Runtime.InvalidResponseModeHeader");
});

test("tells the caller of a response that broke off", async () => {
  const { api, base, results } = await listening();
  api.deliver(invocation);
  await (await fetch(`${base}/invocation/next`)).text();
  const url = new URL(`${base}/invocation/${invocation.requestId}/response`);
  const socket = connect(Number(url.port), url.hostname);
  socket.write(
    `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nlambda-runtime-function-response-mode: streaming\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    () => socket.destroy(),
  );
  await expect.poll(() => results[0]?.[1].errorType).toBe("Runtime.TruncatedResponse");
});

test("gives no work to a worker that went away", async () => {
  const { api, base, ready } = await listening();
  const gone = new AbortController();
  const first = fetch(`${base}/invocation/next`, { signal: gone.signal });
  await ready;
  const second = fetch(`${base}/invocation/next`);
  gone.abort();
  await expect(first).rejects.toThrow();
  // What was sent before these is known to the server when it answers them.
  await Promise.all([fetch(`${base}/other`), fetch(`${base}/other`)]);
  api.deliver(invocation);
  expect(await (await second).text()).toBe('{"a":1}');
});

test("takes an init error, and refuses what it does not know", async () => {
  const { base, initErrors } = await listening();
  const headers = { "lambda-runtime-function-error-type": "Runtime.ImportModuleError" };
  const init = await fetch(`${base}/init/error`, { method: "POST", headers, body: "{}" });
  expect(init.status).toBe(202);
  expect(initErrors).toEqual(["Runtime.ImportModuleError {}"]);
  expect((await fetch(`${base}/other`)).status).toBe(404);
});
