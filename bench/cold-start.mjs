// From nothing to the first answered call: the local target as the command line starts it, on an empty state folder.
import { performance } from "node:perf_hooks";

import { median, time } from "./measure.mjs";
import { query, startTarget } from "./target.mjs";

/** Median milliseconds of a start with its first answer, and of `nothing`; rounds alternate. */
export async function coldStart(folder, env, nothing, rounds) {
  const times = { ours: [], theirs: [] };
  await firstAnswer(folder, env);
  for (let round = 0; round < rounds; round += 1) {
    times.ours.push(await firstAnswer(folder, env));
    times.theirs.push(await time(nothing));
  }
  return { ours: median(times.ours), theirs: median(times.theirs) };
}

async function firstAnswer(folder, env) {
  const started = performance.now();
  const target = await startTarget(folder, env, { bare: true });
  try {
    await query(target.endpoint, "sts", "GetCallerIdentity", { Version: "2011-06-15" });
    return performance.now() - started;
  } finally {
    await target.stop();
  }
}
