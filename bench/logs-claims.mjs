// The claims about what commands that look at a running function take: to the first request, and to print many lines.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { node, root } from "../scripts/toolchain.mjs";
import { firstRequestSpy } from "./first-request.mjs";
import { compare, median, report, time } from "./measure.mjs";
import { logs, startTarget } from "./target.mjs";

const looking = {
  invoke: ["invoke", "--payload", "{}"],
  logs: ["logs"],
  status: ["status"],
};

/** Rounds alternate between all of them and `node -e 0`; the first of each is not counted. */
export async function firstRequestClaim({ lmi, nothing, rounds }) {
  const spy = await firstRequestSpy();
  const measured = [];
  try {
    for (let round = 0; round <= rounds * 3; round += 1) {
      measured.push({ bare: await time(nothing), ...(await firstRequests(spy, lmi)) });
    }
  } finally {
    spy.close();
  }
  const of = (name) => median(measured.slice(1).map((times) => times[name]));
  return Object.keys(looking)
    .map((name) =>
      report(`first request of lmi ${name} / node -e 0`, of(name) / of("bare"), {
        limit: 5,
        detail: `${of(name).toFixed(0)} ms against ${of("bare").toFixed(0)} ms`,
      }),
    )
    .every(Boolean);
}

async function firstRequests(spy, lmi) {
  const times = {};
  for (const [name, args] of Object.entries(looking)) {
    ({ milliseconds: times[name] } = await spy.measure(lmi(...args)));
  }
  return times;
}

const events = 100_000;
/** What every call to AWS takes besides, ms. */
const latency = 50;
const slowly = [join(root, "bin", "lmi.js"), "local", "fault", "add", "slow"];
const logGroupName = "/aws/lambda/many-lines";
const batchSize = 5000;

/** The same events of one group, printed by both, every call 50 ms away; the AWS CLI with its usual output, JSON. */
export async function logsSpeedClaim({ folder, env, rounds }) {
  const target = await startTarget(folder, env, { bare: true });
  const project = join(folder, "many-lines");
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "lmi.json"), '{"name":"many-lines","functions":{"many-lines":{}}}');
  try {
    await store(target.endpoint);
    const lmi = (...more) => ({
      command: node,
      args: [
        join(root, "bin", "lmi.js"),
        "logs",
        "many-lines",
        "--local",
        "--since",
        "1h",
        ...more,
      ],
      cwd: project,
      env: { ...env, LMI_LOCAL_STATE: target.stateDir },
    });
    const cli = awsCli(target.endpoint, project, env);
    const lines = await Promise.all([lmi(), lmi("--json")].map(countLines));
    if (lines.some((count) => count !== events))
      throw new Error(`lmi logs printed ${lines.join(" and ")} lines of ${events}`);
    await time({ ...lmi(), args: [...slowly, "--delay", `${latency}ms`] });
    const few = Math.min(rounds, 5);
    const text = reportSpeed("lmi logs", await compare(lmi(), cli, few));
    return reportSpeed("lmi logs --json", await compare(lmi("--json"), cli, few)) && text;
  } finally {
    await target.stop();
  }
}

function reportSpeed(name, { ours, theirs }) {
  return report(
    `${name}, lines a second / aws logs filter-log-events, ${latency} ms away`,
    theirs / ours,
    {
      atLeast: 5,
      detail: `${rate(ours)} against ${rate(theirs)} lines/s`,
    },
  );
}

const rate = (milliseconds) => Math.round((events / milliseconds) * 1000);

async function store(endpoint) {
  const logStreamName = "stream";
  await logs(endpoint, "CreateLogGroup", { logGroupName });
  await logs(endpoint, "CreateLogStream", { logGroupName, logStreamName });
  // A line each millisecond, as a function that is busy writes them.
  const start = Date.now() - events;
  for (let first = 0; first < events; first += batchSize) {
    const logEvents = Array.from({ length: batchSize }, (_, index) => ({
      timestamp: start + first + index,
      message: lineOf(first + index, start + first + index),
    }));
    await logs(endpoint, "PutLogEvents", { logGroupName, logStreamName, logEvents });
  }
}

/** As a function on Lambda Managed Instances writes it. */
const lineOf = (number, time) =>
  JSON.stringify({
    timestamp: new Date(time).toISOString(),
    level: "INFO",
    requestId: `${String(number % 64).padStart(8, "0")}-5b6d-4e7f-8a90-1b2c3d4e5f60`,
    message: `order ${number} priced`,
    amount: number / 100,
  });

function countLines({ command, args, cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
    let count = 0;
    child.stdout.on("data", (chunk) => {
      for (const byte of chunk) if (byte === 10) count += 1;
    });
    child.once("error", reject);
    child.once("close", () => resolve(count));
  });
}

function awsCli(endpoint, cwd, env) {
  const made = spawnSync(node, [join(root, "scripts", "python-environment.mjs")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (made.status !== 0) throw new Error("The AWS CLI could not be installed");
  return {
    command: join(made.stdout.trim(), "aws"),
    args: [
      "--endpoint-url",
      endpoint,
      "logs",
      "filter-log-events",
      "--log-group-name",
      logGroupName,
    ],
    cwd,
    env: {
      ...env,
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_PAGER: "",
      AWS_DEFAULT_OUTPUT: "json",
    },
  };
}
