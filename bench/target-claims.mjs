// The claims about the local target, each on a target of its own with an empty state.
import process from "node:process";

import { burst } from "./burst.mjs";
import { coldStart } from "./cold-start.mjs";
import { manyFunctions } from "./many-functions.mjs";
import { manyLogs } from "./many-logs.mjs";
import { median, report } from "./measure.mjs";

export async function coldStartClaim({ folder, env, nothing, rounds }) {
  const { ours, theirs } = await coldStart(folder, env, nothing, rounds * 2);
  return report("local target from cold to its first answer / node -e 0", ours / theirs, {
    limit: 10,
    detail: `${ours.toFixed(0)} ms against ${theirs.toFixed(0)} ms`,
  });
}

/** Small and large stacks alternate; what one function takes is compared. */
export async function functionsClaim({ folder, env }) {
  const [few, many] = [10, 100];
  const runs = { few: [], many: [] };
  for (let round = 0; round < 3; round += 1) {
    runs.few.push(await manyFunctions(folder, env, few));
    runs.many.push(await manyFunctions(folder, env, many));
  }
  const of = (size, what) => median(runs[size].map((measured) => measured[what]));
  const compared = (what, unit, digits) => ({
    ratio: of("many", what) / of("few", what),
    detail: `${of("many", what).toFixed(digits)} ${unit} a function against ${of("few", what).toFixed(digits)} ${unit}`,
  });
  const { count, megabytes } = runs.many[0].children;
  const lines = [
    ["time", compared("milliseconds", "ms", 0)],
    ["the target's processor time", compared("cpu", "ms", 1)],
    ["the target's live memory", compared("live", "MB", 3)],
    ["the target's resident memory", compared("resident", "MB", 2)],
  ].map(([what, { ratio, detail }]) =>
    report(`${many} functions on 4 providers / ${few}, a function's ${what}`, ratio, {
      limit: 1.3,
      detail,
    }),
  );
  process.stdout.write(
    `  (their ${count} processes take ${(megabytes / count).toFixed(0)} MB each besides)\n`,
  );
  return lines.every(Boolean);
}

export async function burstClaim({ folder, env }) {
  const requests = 10_000;
  const { right, wrong, logged, rate } = await burst(folder, env, { requests, inFlight: 64 });
  for (const line of wrong.slice(0, 3)) process.stdout.write(`  ${line}\n`);
  return report(
    "burst at 64 in flight, requests answered right and logged once",
    Math.min(right, logged) / requests,
    {
      atLeast: 1,
      detail: `${right} right, ${logged} logged of ${requests}, ${rate.toFixed(0)}/s`,
    },
  );
}

export async function logsClaim({ folder, env }) {
  const events = 1_000_000;
  const { seconds, missed, peak } = await manyLogs(folder, env, events);
  const lost = Object.values(missed).reduce((sum, count) => sum + count, 0);
  const list = (values, show) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${show(value)}`)
      .join(", ");
  const complete = report(
    "1,000,000 log events, missing or misplaced in any way of reading",
    lost,
    {
      limit: 0,
      detail: list(missed, String),
    },
  );
  const small = report("peak memory of the target with 1,000,000 log events / 512 MB", peak / 512, {
    limit: 1,
    detail: `${peak.toFixed(0)} MB; ${list(seconds, (value) => `${value.toFixed(1)} s`)}`,
  });
  return complete && small;
}
