// Where the scenario runs: AWS as the credentials say, or a local target of its own. The same commands and clients.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { STSClient } from "@aws-sdk/client-sts";

import { node, root, toolEnvironment } from "../toolchain.mjs";
import { byHand } from "./cleaning.mjs";

const binary = join(root, "bin", "lmi.js");

/** The developer's own lmi settings never steer it; on AWS the AWS settings are what it is about. */
function environment(drop) {
  const kept = Object.entries(toolEnvironment()).filter(([name]) => !drop.test(name));
  return Object.fromEntries(kept);
}

function clients(settings) {
  const make = (Client, more = {}) => new Client({ ...settings, ...more });
  return {
    cloudformation: make(CloudFormationClient),
    cloudwatch: make(CloudWatchClient),
    ec2: make(EC2Client),
    lambda: make(LambdaClient),
    /** For requests whose first answer counts. */
    lambdaOnce: make(LambdaClient, { maxAttempts: 1 }),
    logs: make(CloudWatchLogsClient),
    sts: make(STSClient),
  };
}

/** `lmi` with arguments, in a process group of its own: a Ctrl-C reaches it through `stop` alone. */
function runner({ env, flags, stop, say }) {
  return (args, { cwd, quiet = false } = {}) => {
    if (!quiet) say(`  $ lmi ${args.join(" ")}`);
    return new Promise((done, fail) => {
      const started = Date.now();
      const child = spawn(node, [binary, ...args, ...flags], {
        cwd,
        env,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      stop.adopt(child);
      const output = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"])
        child[name].setEncoding("utf8").on("data", (chunk) => (output[name] += chunk));
      child.on("error", fail);
      child.on("close", (code, signal) =>
        done({ code, signal, ...output, seconds: (Date.now() - started) / 1000 }),
      );
    });
  };
}

/** AWS, or what AWS_ENDPOINT_URL points at. */
export function awsPlace({ region, profile }, stop, say) {
  const flags = [
    ...(region === undefined ? [] : ["--region", region]),
    ...(profile === undefined ? [] : ["--profile", profile]),
  ];
  const folder = mkdtempSync(join(tmpdir(), "lmi-acceptance-"));
  return {
    name: "AWS",
    folder,
    endpoint: process.env.AWS_ENDPOINT_URL,
    wake: async () => {},
    /** Seconds between two looks, and between writes to capacity providers, of which AWS takes one a second. */
    ...(process.env.AWS_ENDPOINT_URL === undefined ? slow : quick),
    lmi: runner({ env: environment(/^(LMI_|npm_)/i), flags, stop, say }),
    byHand: (token) => byHand({ region, profile }, token),
    clients: clients({ ...(region && { region }), ...(profile && { profile }) }),
    close: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

const slow = { pause: { look: 10, write: 1.2 }, patience: 1 };
/** An emulator: what takes AWS twenty minutes takes it a minute at most. */
const quick = { pause: { look: 0.2, write: 0 }, patience: 0.05 };

function endpointOf(text) {
  const { protocol, hostname, port } = new URL(text);
  return { protocol, hostname, port: Number(port), path: "/" };
}

/** A local target whose state ends with it. All minimum environments run, as on AWS. */
export async function localPlace(stop, say) {
  const folder = mkdtempSync(join(tmpdir(), "lmi-acceptance-"));
  const state = join(folder, "state");
  const env = {
    ...environment(/^(AWS_|LMI_|npm_)/i),
    LMI_LOCAL_STATE: state,
    LMI_LOCAL_ENVIRONMENTS: "all",
  };
  const lmi = runner({ env, flags: [], stop, say });
  const close = async () => {
    await lmi(["local", "reset", "--yes"], { cwd: folder, quiet: true });
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  let endpoint;
  const wake = async () => {
    const up = await lmi(["local", "up", "--json"], { cwd: folder, quiet: true });
    if (up.code !== 0) throw new Error(`the local target does not start:\n${up.stderr}`);
    ({ endpoint } = JSON.parse(up.stdout));
  };
  await wake().catch(async (error) => {
    await close();
    throw error;
  });
  say(`  Local target at ${endpoint}, its state in ${state}`);
  return {
    name: "local target",
    folder,
    endpoint,
    wake,
    byHand: () => [`  LMI_LOCAL_STATE=${state} lmi local reset --yes`, `  rm -r ${folder}`],
    ...quick,
    lmi: runner({ env, flags: ["--local"], stop, say }),
    clients: clients({
      // One that was killed comes back on another port.
      endpoint: async () => endpointOf(endpoint),
      region: "us-east-1",
      credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
    }),
    close,
  };
}
