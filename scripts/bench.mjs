// `npm run bench`: the speed claims, as ratios of two commands measured in one run. Ends with 1 when one is missed.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { invokeLoad } from "../bench/invoke-load.mjs";
import { compare, median, report, time } from "../bench/measure.mjs";
import { bareLoop } from "../bench/runtime-loop.mjs";
import { build, ensureInstalled, node, root, run, toolEnvironment } from "./toolchain.mjs";

const rounds = Number(process.env.LMI_BENCH_ROUNDS ?? 7);
const bench = join(root, "bench");
ensureInstalled();
ensureInstalled(bench);
build();

const folder = mkdtempSync(join(tmpdir(), "lmi-bench-"));
const project = join(folder, "hello");
const env = {
  ...Object.fromEntries(
    Object.entries(toolEnvironment()).filter(([name]) => !/^(AWS_|LMI_|npm_)/i.test(name)),
  ),
  LMI_LOCAL_STATE: join(folder, "state"),
};
const lmi = (...args) => ({
  command: node,
  args: [join(root, "bin", "lmi.js"), ...args],
  cwd: project,
  env,
});
const nothing = { command: node, args: ["-e", "0"], cwd: folder, env };
const cdkBinary = join(bench, "node_modules", "aws-cdk", "bin", "cdk");
const cdk = (args, more = {}) => ({
  command: node,
  args: [cdkBinary, ...args],
  cwd: project,
  env: { ...env, CI: "true", CDK_DISABLE_CLI_TELEMETRY: "true", ...more },
});
const milliseconds = ({ ours, theirs }) => `${ours.toFixed(0)} ms against ${theirs.toFixed(0)} ms`;

const results = [];
try {
  mkdirSync(project, { recursive: true });
  await time({ ...lmi("init", project, "--yes"), cwd: folder });
  results.push(await startUp(), await synth(), await synthMemory());
  await time(lmi("deploy", "--local", "--yes"));
  const { endpoint } = JSON.parse((await output(lmi("local", "status", "--json"))).stdout);
  results.push(await noChangeDeploy(endpoint), await invoke(), await throughput(endpoint));
} finally {
  await run(node, [join(root, "bin", "lmi.js"), "local", "reset", "--yes"], {
    cwd: project,
    env,
    stdio: "ignore",
  });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
process.exitCode = results.every(Boolean) ? 0 : 1;

async function startUp() {
  const times = await compare(lmi("--version"), nothing, rounds * 3);
  return report("lmi --version / node -e 0", times.ours / times.theirs, {
    limit: 2,
    detail: milliseconds(times),
  });
}

/** The app stands in the project as a user's would; tsx compiles it, as `cdk init` projects do with ts-node. */
async function synth() {
  const tsx = join(bench, "node_modules", "tsx", "dist", "cli.mjs");
  const app = `${node} ${tsx} ${join(bench, "cdk-app.ts")}`;
  const theirs = cdk(["synth", "--quiet", "--app", app, "--output", join(folder, "cdk.out")]);
  const times = await compare(lmi("synth"), theirs, Math.min(rounds, 5));
  return report("lmi synth / cdk synth", times.ours / times.theirs, {
    limit: 0.1,
    detail: milliseconds(times),
  });
}

async function synthMemory() {
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

async function noChangeDeploy(endpoint) {
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

async function invoke() {
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
async function throughput(endpoint) {
  const functionName = "my-managed-instance-function";
  const inFlight = 64;
  const requests = 6000;
  const payload = '{"test":"data"}';
  const expected =
    '{"statusCode":200,"body":"{\\"message\\":\\"Hello from Lambda Managed Instances!\\",\\"event\\":{\\"test\\":\\"data\\"}}"}';
  const taskRoot = join(folder, "task");
  const handler = await unpackHandler(taskRoot);
  const workers = Number(process.env.LMI_BENCH_WORKERS ?? Math.min(8, availableParallelism()));
  const rates = { ours: [], bare: [] };
  for (let round = 0; round < 3; round += 1) {
    rates.ours.push(
      await invokeLoad({ endpoint, functionName, inFlight, requests, payload, expected }),
    );
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

async function unpackHandler(taskRoot) {
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

function output({ command, args, cwd, env: environment }) {
  return run(command, args, { cwd, env: environment, stdio: ["ignore", "pipe", "inherit"] });
}
