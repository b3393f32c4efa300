// One load on one server, by the generator of `lmi bench` or by autocannon, in a process of its own with one thread.
//   node send-load.mjs lmi|autocannon <port> <callers> <seconds>
import process from "node:process";
import { setTimeout } from "node:timers/promises";

const [who, port, callers, seconds] = process.argv.slice(2);
const path = "/2015-03-31/functions/hello/invocations";
const event = '{"test":"data"}';
const measure = who === "lmi" ? ours : theirs;
const result = await measure(`http://127.0.0.1:${port}`, {
  callers: Number(callers),
  seconds: Number(seconds),
});
process.send(result, () => process.exit());

async function ours(origin, { callers: count, seconds: length }) {
  const [{ openSender }, { generateLoad }, { percentilesOf }] = await Promise.all([
    import("../dist/aws/invocation-sender.js"),
    import("../dist/bench/load/generate.js"),
    import("../dist/bench/load/latency.js"),
  ]);
  const route = { origin, path, query: {}, contentType: "application/json", region: "us-east-1" };
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const events = [Buffer.from(event)];
  const sender = openSender({ route, events, credentials, timeoutMs: 30_000 });
  const load = (measureMs) => ({
    load: { kind: "concurrency", callers: count },
    settleMs: 0,
    measureMs,
    drainMs: 10_000,
    maxInFlight: 10_000,
  });
  const { signal } = new AbortController();
  await generateLoad(load(1000), sender, signal);
  const used = usage();
  const { completed, measuredMs, latency, failures } = await generateLoad(
    load(length * 1000),
    sender,
    signal,
  );
  const cpu = usage() - used;
  await sender.close();
  if (failures.size > 0) throw new Error(`lmi: ${[...failures.keys()].join(", ")}`);
  return {
    requests: completed,
    perSecond: completed / (measuredMs / 1000),
    cpu,
    latency: percentilesOf(latency),
  };
}

async function theirs(url, { callers: count, seconds: length }) {
  const { default: autocannon } = await import("autocannon");
  const load = (duration) => ({
    url: `${url}${path}`,
    method: "POST",
    body: event,
    headers: { "content-type": "application/json" },
    connections: count,
    duration,
  });
  await autocannon(load(1));
  // It leaves while its requests still stand in the server's queue, and those of the next run would wait behind them.
  await setTimeout(500);
  const used = usage();
  const { requests, latency, errors, non2xx } = await autocannon(load(length));
  const cpu = usage() - used;
  if (errors + non2xx > 0) throw new Error(`autocannon: ${errors} errors, ${non2xx} refusals`);
  const { mean, p50, p90, p99 } = latency;
  return {
    requests: requests.total,
    perSecond: requests.average,
    cpu,
    latency: { mean, p50, p90, p99 },
  };
}

/** Seconds of processor time of this process. */
function usage() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
