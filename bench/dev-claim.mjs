// The claim about `lmi dev`: from the end of a save to the first answer of the new code, beyond what esbuild itself takes
// for the same bundle in the same run. Asked over HTTP, again and again, as a browser would that somebody reloads.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import process from "node:process";

import { root } from "../scripts/toolchain.mjs";
import { median } from "./measure.mjs";
import { send } from "./target.mjs";

/** Milliseconds. */
const limit = 500;
const askEvery = 10;
const functionName = "my-managed-instance-function";

export async function devReload({ lmi, folder, project, rounds }) {
  const file = join(project, "src", "handler.ts");
  const source = readFileSync(file, "utf8");
  const state = mkdtempSync(join(folder, "dev-"));
  const command = lmi("dev", "--json");
  const child = spawn(command.command, command.args, {
    cwd: command.cwd,
    env: { ...command.env, LMI_LOCAL_STATE: state },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const endpoint = await readyEndpoint(child);
    const times = { reload: [], esbuild: [] };
    // The first round of each warms up.
    for (let round = 0; round <= Math.max(rounds, 5); round += 1) {
      const words = `Saved ${round} by`;
      const changed = source.replace("Hello from", words);
      times.esbuild.push(await esbuildTime(changed, project));
      writeFileSync(file, changed);
      const saved = performance.now();
      await untilAnswers(endpoint, words);
      times.reload.push(performance.now() - saved);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const [reload, esbuild] = [median(times.reload.slice(1)), median(times.esbuild.slice(1))];
    const beyond = reload - esbuild;
    const good = beyond <= limit;
    process.stdout.write(
      `${good ? "✓" : "✗"} save to new code answering in lmi dev: ${beyond.toFixed(0)} ms beyond esbuild (at most ${limit})  ${reload.toFixed(0)} ms, esbuild alone ${esbuild.toFixed(0)} ms\n`,
    );
    return good;
  } finally {
    child.kill("SIGTERM");
    await ended;
    writeFileSync(file, source);
    rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function readyEndpoint(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, endpoint, message } = JSON.parse(line);
    if (type === "error") throw new Error(`lmi dev: ${message}`);
    if (type !== "watching" && type !== "ready") continue;
    if (type === "ready") {
      // Whoever does not read holds it up.
      child.stdout.resume();
      return endpoint;
    }
  }
  throw new Error("lmi dev has ended");
}

async function untilAnswers(endpoint, words) {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const { body } = await send(endpoint, "lambda", {
      path: `/2015-03-31/functions/${functionName}/invocations`,
      body: "{}",
    });
    if (body.includes(words)) return;
    // Whoever asks without a pause takes the processor from what it waits for.
    await new Promise((resolve) => setTimeout(resolve, askEvery));
  }
  throw new Error(`Nobody answered ${words}`);
}

/** The bundle that lmi makes, by the esbuild that it uses, which runs already. */
async function esbuildTime(contents, project) {
  const { build } = createRequire(join(root, "package.json"))("esbuild");
  const started = performance.now();
  await build({
    stdin: { contents, loader: "ts", resolveDir: join(project, "src"), sourcefile: "handler.ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: true,
    outdir: project,
    write: false,
    logLevel: "silent",
  });
  return performance.now() - started;
}
