// 10,000 requests with 64 in flight against one environment: each gets its own answer, and each leaves its own log line.
import { performance } from "node:perf_hooks";

import { deployOne } from "./one-function.mjs";
import { filtered, send, startTarget } from "./target.mjs";

const logGroupName = "/bench/burst";
const source = `exports.handler = async ({ id }) => {
  console.log("ran " + id);
  await new Promise((done) => setTimeout(done, id % 7));
  return { id, twice: 2 * id };
};`;

/** How many of `requests` were answered right, how many ran exactly once, and requests a second. */
export async function burst(folder, env, { requests, inFlight }) {
  const target = await startTarget(folder, env);
  try {
    const { endpoint } = target;
    await deployOne(endpoint, { name: "burst", source, logGroupName, maxConcurrency: inFlight });
    const path = "/2015-03-31/functions/burst/invocations";
    let next = 0;
    let right = 0;
    const wrong = [];
    const lane = async () => {
      while (next < requests) {
        const id = next;
        next += 1;
        const { status, body } = await send(endpoint, "lambda", { path, body: `{"id":${id}}` });
        if (status === 200 && body === `{"id":${id},"twice":${2 * id}}`) right += 1;
        else wrong.push(`${id}: ${status} ${body}`);
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: inFlight }, lane));
    const seconds = (performance.now() - started) / 1000;
    return { right, wrong, logged: await logged(endpoint, requests), rate: requests / seconds };
  } finally {
    await target.stop();
  }
}

/** Requests whose line is in the log exactly once; lines may arrive a moment after the answer. */
async function logged(endpoint, requests) {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const times = new Map();
    for await (const { message } of filtered(endpoint, logGroupName, '"ran"')) {
      const id = /ran (\d+)/.exec(message)?.[1];
      times.set(id, (times.get(id) ?? 0) + 1);
    }
    const once = [...times.values()].filter((count) => count === 1).length;
    if (once === requests || performance.now() > deadline) return once;
  }
}
