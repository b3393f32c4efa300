// 1,000,000 log events: stored in full batches, followed while they come (`lmi logs -f` and live tail), and filtered page
// by page to the end. Every event carries its number, so that a lost or doubled one shows.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";

import { CloudWatchLogsClient, StartLiveTailCommand } from "@aws-sdk/client-cloudwatch-logs";

import { node, root } from "../scripts/toolchain.mjs";
import { filtered, logs, peakResident, startTarget } from "./target.mjs";

const functionName = "many-logs";
const logGroupName = `/aws/lambda/${functionName}`;
const streams = 8;
/** One in this many is an error: what the filter finds, and what live tail watches. */
const errorEvery = 1000;
const batchSize = 8000;
const errorPattern = '{ $.level = "ERROR" }';

const messageOf = (number) =>
  `{"timestamp":"2026-01-01T00:00:00.000Z","level":"${number % errorEvery === 0 ? "ERROR" : "INFO"}","requestId":"${number}"}`;
const numberOf = (text) => Number(/"requestId\\?":\\?"(\d+)/.exec(text)?.[1]);

/** Seconds of each part, how many events each missed, and the target's peak resident MB. */
export async function manyLogs(folder, env, events) {
  const target = await startTarget(folder, env);
  const followers = [];
  try {
    const { endpoint } = target;
    await logs(endpoint, "CreateLogGroup", { logGroupName });
    for (let index = 0; index < streams; index += 1) {
      await logs(endpoint, "CreateLogStream", { logGroupName, logStreamName: `stream-${index}` });
    }
    followers.push(follow(target, folder, env, events), await liveTail(endpoint, events));
    const stored = await seconds(() => store(endpoint, events));
    const followed = await seconds(() => Promise.all(followers.map(({ missed }) => missed)));
    const all = await seconds(() => misplaced(endpoint, undefined, events, 1));
    const errors = await seconds(() => misplaced(endpoint, errorPattern, events, errorEvery));
    const [command, tail] = followed.result;
    return {
      seconds: {
        stored: stored.seconds,
        followed: followed.seconds,
        read: all.seconds,
        filtered: errors.seconds,
      },
      missed: {
        "lmi logs -f": command,
        "live tail": tail,
        read: all.result,
        filtered: errors.result,
      },
      peak: peakResident(target.pid),
    };
  } finally {
    for (const { stop } of followers) stop();
    await target.stop();
  }
}

async function seconds(work) {
  const started = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - started) / 1000 };
}

/** Full batches, one after the other, to one stream after the other. */
async function store(endpoint, events) {
  for (let first = 0; first < events; first += batchSize) {
    const timestamp = Date.now();
    const logEvents = Array.from({ length: Math.min(batchSize, events - first) }, (_, index) => ({
      timestamp,
      message: messageOf(first + index),
    }));
    const logStreamName = `stream-${(first / batchSize) % streams}`;
    await logs(endpoint, "PutLogEvents", { logGroupName, logStreamName, logEvents });
  }
}

/** Marks numbers that were seen; resolves to how many are missing or came twice once all are there or none comes any more. */
function tally(events, every) {
  const seen = new Uint8Array(events / every);
  let first = 0;
  let doubled = 0;
  const { promise, resolve } = Promise.withResolvers();
  const settle = () => resolve(seen.length - first + doubled);
  const wait = () => setTimeout(settle, 60_000).unref();
  let patience = wait();
  return {
    promise,
    settle,
    add: (number) => {
      const index = number / every;
      if (seen[index] === 1) doubled += 1;
      else first += 1;
      seen[index] = 1;
      clearTimeout(patience);
      if (first === seen.length) settle();
      else patience = wait();
    },
  };
}

/** `lmi logs -f` of its own, as a user runs it. */
function follow(target, folder, env, events) {
  const { promise, add, settle } = tally(events, 1);
  const args = ["logs", functionName, "--local", "--follow", "--json", "--since", "1h"];
  const child = spawn(node, [join(root, "bin", "lmi.js"), ...args], {
    cwd: folder,
    env: { ...env, LMI_LOCAL_STATE: target.stateDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: child.stdout }).on("line", (line) => add(numberOf(line)));
  child.once("exit", settle);
  return { missed: promise, stop: () => child.kill("SIGTERM") };
}

/** Watches the errors alone: AWS shows at most 500 events a second of a live tail. */
async function liveTail(endpoint, events) {
  const { promise, add, settle } = tally(events, errorEvery);
  const client = new CloudWatchLogsClient({
    endpoint,
    region: "us-east-1",
    disableHostPrefix: true,
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  });
  const arn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;
  const { responseStream } = await client.send(
    new StartLiveTailCommand({ logGroupIdentifiers: [arn], logEventFilterPattern: errorPattern }),
  );
  const read = async () => {
    for await (const { sessionUpdate } of responseStream) {
      for (const { message } of sessionUpdate?.sessionResults ?? []) add(numberOf(message));
    }
  };
  read().catch(settle);
  return { missed: promise, stop: () => client.destroy() };
}

/** How many matching events do not come in their place, or do not come at all. */
async function misplaced(endpoint, pattern, events, every) {
  let next = 0;
  let wrong = 0;
  for await (const { message } of filtered(endpoint, logGroupName, pattern)) {
    if (numberOf(message) !== next) wrong += 1;
    next += every;
  }
  return wrong + Math.abs(events - next) / every;
}
