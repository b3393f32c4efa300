// `npm run bench [-- name …]`: the speed claims, as ratios of two measurements in one run. Ends with 1 when one is missed.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import {
  invoke,
  noChangeDeploy,
  startUp,
  synth,
  synthMemory,
  throughput,
} from "../bench/command-claims.mjs";
import { devReload } from "../bench/dev-claim.mjs";
import { generatorClaim, kneeClaim, percentilesClaim } from "../bench/generator-claims.mjs";
import { firstRequestClaim, logsSpeedClaim } from "../bench/logs-claims.mjs";
import { time } from "../bench/measure.mjs";
import { push } from "../bench/push-claim.mjs";
import { raceClaim } from "../bench/race-claim.mjs";
import { manyFunctionsClaim, validateClaim } from "../bench/settings-claims.mjs";
import { burstClaim, coldStartClaim, functionsClaim, logsClaim } from "../bench/target-claims.mjs";
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
  XDG_CACHE_HOME: join(folder, "cache"),
};
const lmi = (...args) => ({
  command: node,
  args: [join(root, "bin", "lmi.js"), ...args],
  cwd: project,
  env,
});
const nothing = { command: node, args: ["-e", "0"], cwd: folder, env };
const cdk = (args, more = {}) => ({
  command: node,
  args: [join(bench, "node_modules", "aws-cdk", "bin", "cdk"), ...args],
  cwd: project,
  env: { ...env, CI: "true", CDK_DISABLE_CLI_TELEMETRY: "true", ...more },
});
const parts = { lmi, cdk, nothing, folder, project, env, rounds };

/** Those above need the project alone, those in the middle the reference stack, the last a target of their own. */
const claims = {
  "start-up": startUp,
  "first-request": firstRequestClaim,
  synth,
  "synth-memory": synthMemory,
  validate: validateClaim,
  "synth-functions": manyFunctionsClaim,
  "no-change-deploy": onReferenceStack(noChangeDeploy),
  push: onReferenceStack(push),
  invoke: onReferenceStack(invoke),
  throughput: onReferenceStack(throughput),
  race: onReferenceStack(raceClaim),
  "bench-knee": onReferenceStack(kneeClaim),
  "bench-generator": generatorClaim,
  "bench-percentiles": percentilesClaim,
  "cold-start": coldStartClaim,
  functions: functionsClaim,
  "dev-reload": devReload,
  burst: burstClaim,
  logs: logsClaim,
  "logs-speed": logsSpeedClaim,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(claims, name));
if (unknown.length > 0)
  throw new Error(`No claim ${unknown.join(", ")}; there are ${Object.keys(claims).join(", ")}`);

const results = [];
try {
  mkdirSync(project, { recursive: true });
  await time({ ...lmi("init", project, "--yes"), cwd: folder });
  for (const [name, claim] of Object.entries(claims)) {
    // One after the other: they would disturb each other.
    if (wanted.length === 0 || wanted.includes(name)) results.push(await claim(parts));
  }
} finally {
  await run(node, [join(root, "bin", "lmi.js"), "local", "reset", "--yes"], {
    cwd: project,
    env,
    stdio: "ignore",
  });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
process.exitCode = results.every(Boolean) ? 0 : 1;

/** Deploys the reference stack before the first claim that needs it. */
function onReferenceStack(claim) {
  return async () => {
    await time(lmi("deploy", "--local", "--yes"));
    const { endpoint } = JSON.parse((await output(lmi("local", "status", "--json"))).stdout);
    return claim({ ...parts, endpoint });
  };
}

function output({ command, args, cwd, env: environment }) {
  return run(command, args, { cwd, env: environment, stdio: ["ignore", "pipe", "inherit"] });
}
