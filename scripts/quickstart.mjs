// `npm run quickstart`: from a fresh clone to a deployed, invoked, logged and destroyed function,
// on the local target, in a temporary folder. stdout carries the function's answer alone.
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { build, ensureInstalled, node, root, run, toolEnvironment } from "./toolchain.mjs";

const expected =
  '{"statusCode":200,"body":"{\\"message\\":\\"Hello from Lambda Managed Instances!\\",\\"event\\":{\\"test\\":\\"data\\"}}"}';
const started = Date.now();
const say = (text) => process.stderr.write(`${text}\n`);
const elapsed = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;

say("Installing and building (the first time takes a minute or two) …");
ensureInstalled();
build();
say(`Ready to start after ${elapsed()}.\n`);

const folder = mkdtempSync(join(tmpdir(), "lmi-quickstart-"));
const project = join(folder, "hello");
const state = join(folder, "state");
const env = cleanEnvironment();

let child;
let stopped;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    stopped ??= signal;
    child?.kill(signal);
  });
}

try {
  await lmi(["init", project, "--yes"], folder);
  await lmi(["deploy", "--local", "--yes"]);
  const answer = await lmi(["invoke", "--local", "--payload", '{"test":"data"}'], project, "pipe");
  if (answer.trimEnd() !== expected)
    throw new Error(`the function answered ${answer}, not ${expected}`);
  process.stdout.write(answer.endsWith("\n") ? answer : `${answer}\n`);
  await lmi(["logs", "--local"]);
  await lmi(["status", "--local"]);
  await lmi(["destroy", "--local", "--yes"]);
  await proveNothingIsLeft();
  sayWhatNext();
} catch (error) {
  process.exitCode = 1;
  if (!stopped) say(`✗ ${error.message}`);
} finally {
  child = undefined;
  await run(node, [join(root, "bin", "lmi.js"), "local", "reset", "--yes"], {
    env,
    cwd: folder,
    stdio: "ignore",
  });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
if (stopped) process.exitCode = stopped === "SIGINT" ? 130 : 143;

async function lmi(args, cwd = project, stdout = 2) {
  if (stopped) throw new Error("interrupted");
  say(
    `$ lmi ${args.map((arg) => (/[\s{"]/.test(arg) ? `'${arg}'` : arg.replace(folder, "/tmp/…"))).join(" ")}`,
  );
  const result = await run(node, [join(root, "bin", "lmi.js"), ...args], {
    cwd,
    env,
    stdio: ["ignore", stdout, "inherit"],
    onStart: (started_) => (child = started_),
  });
  if (result.code !== 0)
    throw new Error(`lmi ${args[0]} ended with ${result.code ?? result.signal}`);
  say("");
  return result.stdout;
}

async function proveNothingIsLeft() {
  const list = async (args) => JSON.parse((await quietly(args)).stdout || "null");
  const status = await quietly(["status", "--local", "--json"]);
  if (status.code === 0) throw new Error("lmi status still finds the stack");
  const before = await list(["local", "status", "--json"]);
  await quietly(["local", "reset", "--yes"]);
  const after = await list(["local", "status", "--json"]);
  if (after.running) throw new Error("the local target still runs");
  if (before.pid && isAlive(before.pid)) throw new Error(`process ${before.pid} still runs`);
  const left = existsSync(state) ? readdirSync(state) : [];
  if (left.length > 0) throw new Error(`the state folder still holds ${left.join(", ")}`);
  say("Nothing is left: no stack, no local target, no process, no state.");
}

function quietly(args) {
  return run(node, [join(root, "bin", "lmi.js"), ...args], {
    cwd: project,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The developer's own AWS and lmi settings must neither steer nor suffer from the quickstart. */
function cleanEnvironment() {
  const kept = Object.entries(toolEnvironment()).filter(
    ([name]) => !/^(AWS_|LMI_|npm_)/i.test(name),
  );
  return { ...Object.fromEntries(kept), LMI_LOCAL_STATE: state };
}

function sayWhatNext() {
  say(
    `Done in ${elapsed()}. What next, with \`lmi\` standing for \`node ${join(root, "bin", "lmi.js")}\`:`,
  );
  say("  without an AWS account:  lmi init hello && cd hello && lmi deploy --local");
  say("  with one:                lmi init hello && cd hello && lmi deploy");
  say("                           (asks before it makes anything, and says what it costs)");
}
