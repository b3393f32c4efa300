// `npm run acceptance:aws`: one scenario on the local target and on AWS, what it costs before it starts, everything
// deleted whatever happens, and a report of where the two differ.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline/promises";

import { parseOptions, usage } from "./acceptance/options.mjs";
import { ensureInstalled, build, root } from "./toolchain.mjs";

const say = (text) => process.stderr.write(`${text}\n`);
/** Where it runs at this moment. */
let current;
process.exitCode = await main();

async function main() {
  let options;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    say(`✗ ${error.message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (options.build) {
    ensureInstalled();
    build();
  }
  const { newToken } = await import("./acceptance/project.mjs");
  const { createStop } = await import("./acceptance/stopping.mjs");
  const token = newToken();
  const stop = createStop({
    byHand: () => current?.byHand(token) ?? [],
    exit: (code) => process.exit(code),
    say,
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop.signalled(signal));
  try {
    return await acceptance({ options, token, stop });
  } catch (error) {
    say(`✗ ${error.message}`);
    return error.exitCode ?? 1;
  }
}

async function acceptance({ options, token, stop }) {
  const { awsPlace, localPlace } = await import("./acceptance/place.mjs");
  const { prepare, runScenario } = await import("./acceptance/scenario.mjs");
  if (options.local) {
    const local = await onPlace(await localPlace(stop, say), async (place) =>
      runScenario({ place, token, stop, say, project: await prepare(place, token, stop) }),
    );
    return report({ options, runs: { local }, compared: earlier(options), region: "us-east-1" });
  }
  return onPlace(awsPlace(options, stop, say), async (place) => {
    const { permission } = await import("./acceptance/permission.mjs");
    const project = await prepare(place, token, stop);
    const region = await permission({ place, options, project, say, ask, cli });
    if (options.clean) return 0;
    say("First on the local target, which costs nothing:");
    const local = await onPlace(await localPlace(stop, say), async (here) =>
      runScenario({ place: here, token, stop, say, project: await prepare(here, token, stop) }),
    );
    if (local.failed) return report({ options, runs: { local }, region });
    say(`Now on ${place.name}:`);
    const aws = await runScenario({ place, token, project, stop, say });
    return report({ options, runs: { local, aws }, compared: aws, region });
  });
}

async function onPlace(place, work) {
  const outer = current;
  current = place;
  try {
    return await work(place);
  } finally {
    await place.close();
    current = outer;
  }
}

function cli(file) {
  return import(join(root, "dist", file));
}

function earlier({ against }) {
  return against === undefined ? undefined : JSON.parse(readFileSync(against, "utf8")).runs.aws;
}

/** undefined where nobody can be asked; nothing typed where somebody pressed Ctrl-C. */
async function ask(question) {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const cancelled = new AbortController();
    terminal.once("SIGINT", () => cancelled.abort());
    return await terminal.question(question, { signal: cancelled.signal }).catch(() => "");
  } finally {
    terminal.close();
  }
}

async function report({ options, runs, compared, region }) {
  const { writeReport } = await import("./acceptance/report.mjs");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const date = new Date().toISOString().slice(0, 10);
  const files = writeReport(options.report, { lmi: version, date, region, runs, compared });
  for (const file of files) process.stdout.write(`${file}\n`);
  const results = Object.values(runs);
  if (results.some(({ left }) => left.length > 0)) return 3;
  if (results.some(({ stages }) => stages.some(({ result }) => result === "interrupted")))
    return 130;
  return results.some(({ failed }) => failed) ? 1 : 0;
}
