// The claims about commands: each compares a command of `lmi` with the command that it stands beside, on a target that
// has the reference stack.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { node } from "../scripts/toolchain.mjs";
import { invokeLoad } from "./invoke-load.mjs";
import { compare, median, report, time } from "./measure.mjs";
import { reference } from "./reference-request.mjs";
import { bareLoop } from "./runtime-loop.mjs";

const bench = import.meta.dirname;
const milliseconds = ({ ours, theirs }) => `${ours.toFixed(0)} ms against ${theirs.toFixed(0)} ms`;

export async function startUp({ lmi, nothing, rounds }) {
  const times = await compare(lmi("--version"), nothing, rounds * 3);
  return report("lmi --version / node -e 0", times.ours / times.theirs, {
    limit: 2,
    detail: milliseconds(times),
  });
}

/** The app stands in the project as a user's would; tsx compiles it, as `cdk init` projects do with ts-node. */
export async function synth({ lmi, cdk, folder, rounds }) {
  const tsx = join(bench, "node_modules", "tsx", "dist", "cli.mjs");
  const app = `${node} ${tsx} ${join(bench, "cdk-app.ts")}`;
  const theirs = cdk(["synth", "--quiet", "--app", app, "--output", join(folder, "cdk.out")]);
  const times = await compare(lmi("synth"), theirs, Math.min(rounds, 5));
  return report("lmi synth / cdk synth", times.ours / times.theirs, {
    limit: 0.1,
    detail: milliseconds(times),
  });
}

export async function synthMemory({ lmi, folder, env }) {
  const file = join(folder, "memory");
  writeFileSync(file, "");
  const { command, args, ...rest } = lmi("synth");
  const measured = {
    command,
    args: ["--import", join(bench, "peak-memory.mjs"), ...args],
    ...rest,
    env: { ...env, LMI_BENCH_MEMORY: file },
  };
  for (let round = 0; round < 3; round += 1) await time(measured);
  const peak = median(readFileSync(file, "utf8").trim().split("\n").map(Number));
  return report("peak memory of lmi synth / 250 MB", peak / 250, {
    limit: 1,
    detail: `${peak.toFixed(0)} MB`,
  });
}

export async function noChangeDeploy({ lmi, cdk, folder, rounds, endpoint }) {
  const assembly = join(folder, "assembly");
  await time(lmi("synth", "--output", assembly));
  cpSync(assembly, join(folder, "assembly.cdk"), { recursive: true });
  const theirs = cdk(
    ["deploy", "--app", join(folder, "assembly.cdk"), "--require-approval", "never"],
    {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "lmi-local",
      AWS_SECRET_ACCESS_KEY: "lmi-local",
      AWS_REGION: "us-east-1",
    },
  );
  const times = await compare(lmi("deploy", "--local", "--yes"), theirs, rounds);
  return report("no-change lmi deploy --local / cdk deploy", times.ours / times.theirs, {
    limit: 1 / 3,
    detail: milliseconds(times),
  });
}

export async function invoke({ lmi, nothing, rounds }) {
  const times = await compare(
    lmi("invoke", "--local", "--payload", '{"test":"data"}'),
    nothing,
    rounds * 3,
  );
  return report("warm lmi invoke --local / node -e 0", times.ours / times.theirs, {
    limit: 5,
    detail: milliseconds(times),
  });
}

/** The same function, client, worker threads and requests in flight on both sides; alternating rounds. */
export async function throughput({ folder, project, endpoint }) {
  const inFlight = 64;
  const requests = 6000;
  const { payload } = reference;
  const taskRoot = join(folder, "task");
  const handler = await unpackHandler(taskRoot, project, folder);
  const workers = Number(process.env.LMI_BENCH_WORKERS ?? Math.min(8, availableParallelism()));
  const rates = { ours: [], bare: [] };
  for (let round = 0; round < 3; round += 1) {
    rates.ours.push(await invokeLoad({ endpoint, ...reference, inFlight, requests }));
    rates.bare.push(await bareLoop({ taskRoot, handler, workers, inFlight, requests, payload }));
  }
  const [ours, bare] = [median(rates.ours), median(rates.bare)];
  return report(
    "requests/s at 64 in flight, local Invoke API / bare Runtime API loop",
    ours / bare,
    {
      atLeast: 0.5,
      detail: `${ours.toFixed(0)}/s against ${bare.toFixed(0)}/s`,
    },
  );
}

async function unpackHandler(taskRoot, project, folder) {
  const { loadSettings } = await import("../dist/cli/config/load-settings.js");
  const { buildFunction } = await import("../dist/synth/build-function.js");
  const { unzipSync } = await import("fflate");
  const { settings, projectDir } = await loadSettings({ cwd: project, env: {} });
  const [name, settingsOfOne] = Object.entries(settings.functions)[0];
  const built = await buildFunction(name, settingsOfOne, projectDir, folder);
  mkdirSync(taskRoot, { recursive: true });
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(built.assetPath)))) {
    writeFileSync(join(taskRoot, path), bytes);
  }
  return built.handler;
}
