// Measures commands side by side in one run: rounds alternate, so that a noisy moment hits both.
import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

/** Runs a command once; resolves to wall-clock milliseconds. A failing command fails the benchmark. */
export function time({ command, args, cwd, env, input }) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: [input ? "pipe" : "ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk) => (stderr += chunk));
    if (input) child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) => {
      const elapsed = performance.now() - started;
      if (code === 0) resolve(elapsed);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stderr}`));
    });
  });
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Median times of `ours` and `theirs` over alternating rounds, after one warm-up of each. */
export async function compare(ours, theirs, rounds) {
  await time(ours);
  await time(theirs);
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.ours.push(await time(ours));
    times.theirs.push(await time(theirs));
  }
  return { ours: median(times.ours), theirs: median(times.theirs) };
}

/** One line of the report; `limit` is the largest allowed ratio, `atLeast` the smallest. */
export function report(name, ratio, { limit, atLeast, detail }) {
  const good = limit === undefined ? ratio >= atLeast : ratio <= limit;
  const bound = limit === undefined ? `at least ${atLeast}` : `at most ${Number(limit.toFixed(3))}`;
  process.stdout.write(`${good ? "✓" : "✗"} ${name}: ${ratio.toFixed(3)}× (${bound})  ${detail}\n`);
  return good;
}
