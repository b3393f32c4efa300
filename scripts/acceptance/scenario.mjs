// The same stages on the local target and on AWS. Whatever happens, the end is clean.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { clean } from "./cleaning.mjs";
import { createFacts } from "./facts.mjs";
import { adaptProject, projectName } from "./project.mjs";
import { failingUpdate, metrics, scaling, update } from "./stages-change.mjs";
import { imports } from "./stages-import.mjs";
import { deploy, describe, status, synth } from "./stages-deploy.mjs";
import { invoke, logs, refusals, saturation } from "./stages-invoke.mjs";
import { functions, providers } from "./stages-probe.mjs";
import { command, ending, succeed } from "./steps.mjs";
import { Interrupted } from "./stopping.mjs";

/** `needed`: nothing after it makes sense without it. */
const stages = [
  { id: "synth", run: synth, needed: true },
  { id: "deploy", run: deploy, needed: true },
  { id: "status", run: status },
  { id: "describe", run: describe, needed: true },
  { id: "invoke", run: invoke, needed: true },
  { id: "logs", run: logs },
  { id: "refusals", run: refusals },
  { id: "probe functions", run: functions },
  { id: "probe providers", run: providers },
  { id: "probe imports", run: imports },
  { id: "saturation", run: saturation },
  { id: "update", run: update },
  { id: "failing update", run: failingUpdate },
  { id: "scaling", run: scaling },
  { id: "metrics", run: metrics },
  { id: "destroy", run: destroyAll },
];

/** Writes the project with `lmi init`; touches no account. */
export async function prepare(place, token, stop) {
  const project = join(place.folder, projectName(token));
  mkdirSync(place.folder, { recursive: true });
  const context = { place, project: place.folder, stop };
  await succeed(context, ["init", project, "--yes", "--language", "javascript"], { quiet: true });
  adaptProject(project, token);
  return project;
}

export async function runScenario({ place, token, project, stop, say }) {
  const facts = createFacts(token);
  const context = { place, token, project, stop, say, facts };
  const done = [];
  let left = ["unknown: it could not be looked at"];
  try {
    for (const stage of stages) {
      const result = await runStage(context, stage);
      done.push(result);
      if (result.result === "interrupted" || (result.result === "failed" && stage.needed)) break;
    }
  } finally {
    say(`  Cleaning up on ${place.name} …`);
    left = await clean(place, { token, folder: place.folder, say }).catch((error) => [
      `unknown: ${error.message}`,
    ]);
    say(left.length === 0 ? "  Nothing is left." : `  Left: ${left.join(", ")}`);
  }
  const failed = done.some(({ result }) => result !== "passed") || done.length < stages.length;
  return { ...facts.toJSON(), stages: done, left, failed };
}

async function runStage(context, { id, run }) {
  const started = Date.now();
  const finish = (result, message) => {
    const seconds = (Date.now() - started) / 1000;
    context.facts.time(id, seconds);
    context.say(
      `  ${result === "passed" ? "✓" : "✗"} ${id}: ${result} after ${seconds.toFixed(1)} s${message ? `: ${message}` : ""}`,
    );
    return { id, result, ...(message === undefined ? {} : { message }) };
  };
  try {
    context.stop.check();
    await context.place.wake();
    context.say(`- ${id} on ${context.place.name}`);
    await run(context);
    return finish("passed");
  } catch (error) {
    if (error instanceof Interrupted || context.stop.signal.aborted) return finish("interrupted");
    return finish("failed", error.message);
  }
}

/** The last stage: `lmi destroy` itself has to leave nothing; what the probes left comes in the clean-up. */
async function destroyAll(context) {
  const result = await command(context, ["destroy", "--yes"]);
  context.facts.record("destroy.exitCode", result.code, 0);
  if (result.code !== 0) throw new Error(`lmi destroy ended with ${ending(result)}`);
  const again = await command(context, ["destroy", "--yes"]);
  context.facts.record("destroy.again.exitCode", again.code);
}
