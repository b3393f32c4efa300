// The claims about the load that `lmi bench` sends: as fast as autocannon on one core, the same percentiles, and a knee
// where the function's own arithmetic has it.
import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { node, run } from "../scripts/toolchain.mjs";
import { median, report, time } from "./measure.mjs";

/** Requests for each second of processor time: what one core can send, whatever else the other one does. */
export async function generatorClaim({ rounds }) {
  const seen = await sideBySide(["trivial"], [64, 3], Math.min(rounds, 5));
  const each = (who) => median(seen[who].map(({ requests, cpu }) => requests / cpu));
  const wall = (who) => median(seen[who].map(({ perSecond }) => perSecond)).toFixed(0);
  return report("requests a core sends, lmi bench / autocannon", each("lmi") / each("autocannon"), {
    atLeast: 0.8,
    detail: `${each("lmi").toFixed(0)}/s of processor time against ${each("autocannon").toFixed(0)}; by the clock ${wall("lmi")}/s against ${wall("autocannon")}/s`,
  });
}

/** Four callers for each slot, so that most of what they wait is the queue. */
export async function percentilesClaim({ rounds }) {
  const seen = await sideBySide(["queue", "16"], [64, 5], Math.min(rounds, 5));
  const good = ["p50", "p90", "p99"].map((key) => {
    const of = (who) => median(seen[who].map(({ latency }) => latency[key]));
    const [ours, theirs] = [of("lmi"), of("autocannon")];
    const apart = Math.max(ours / theirs, theirs / ours);
    return report(`${key} of 64 callers on 16 slots, lmi bench and autocannon apart by`, apart, {
      limit: 1.1,
      detail: `${ours.toFixed(1)} ms against ${theirs.toFixed(1)} ms`,
    });
  });
  return good.every(Boolean);
}

/** Takes 50 ms and ten at once, in one thread: 200 a second, whatever CPU there is. */
const handler = `let free = 10;
const waiting: (() => void)[] = [];
export const handler = async () => {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const next = waiting.shift();
  if (next) next();
  else free += 1;
  return { ok: true };
};
`;
const capacity = 200;

export async function kneeClaim({ lmi, project }) {
  const files = ["lmi.json", join("src", "handler.ts")].map((name) => join(project, name));
  const before = files.map((file) => readFileSync(file, "utf8"));
  const settings = JSON.parse(before[0]);
  for (const own of Object.values(settings.functions)) {
    Object.assign(own, {
      minEnvironments: 1,
      maxEnvironments: 1,
      environment: { AWS_LAMBDA_NODEJS_WORKER_COUNT: "1" },
    });
  }
  writeFileSync(files[0], JSON.stringify(settings));
  writeFileSync(files[1], handler);
  try {
    await time(lmi("deploy", "--local", "--yes"));
    const { command, args, cwd, env } = lmi("bench", "--local", "--json", "--duration", "5s");
    const { stdout } = await run(command, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
    const { knee } = JSON.parse(stdout.trim().split("\n").at(-1));
    const apart = Math.max(knee.rps / capacity, capacity / knee.rps);
    return report("knee of ten slots of 50 ms, lmi bench and arithmetic apart by", apart, {
      limit: 1.15,
      detail: `${knee.rps.toFixed(1)}/s against ${capacity}/s (${knee.from}/s held, ${knee.to}/s did not)`,
    });
  } finally {
    files.forEach((file, index) => writeFileSync(file, before[index]));
    await time(lmi("deploy", "--local", "--yes"));
  }
}

/** What both saw of the same server, in rounds that alternate. */
async function sideBySide(server, load, rounds) {
  const child = fork(join(import.meta.dirname, "loaded-server.mjs"), server, { execPath: node });
  try {
    const port = await message(child);
    const seen = { lmi: [], autocannon: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const who of Object.keys(seen)) seen[who].push(await sent(who, [port, ...load]));
    }
    return seen;
  } finally {
    child.kill();
  }
}

async function sent(who, load) {
  const child = fork(join(import.meta.dirname, "send-load.mjs"), [who, ...load.map(String)], {
    execPath: node,
  });
  return message(child);
}

function message(child) {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) =>
      reject(new Error(`A process of the benchmark ended with ${code}.`)),
    );
  });
}
