// Holds test/conformance/exercised.json (which client called which operation successfully) to the request log of a
// complete run, or takes it from there. Runs on the project's own Node, which reads TypeScript.
//   node scripts/exercised.mjs check LOG CLIENT…   fails where the file claims what the log does not show
//   node scripts/exercised.mjs write LOG CLIENT…   takes these clients' operations from the log
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import {
  clientNames,
  committedExercised,
  exercisedFile,
  exercisedIn,
  missingIn,
} from "../test/conformance/exercised.ts";

const [what, log, ...names] = process.argv.slice(2);
if (!names.every((name) => clientNames.includes(name))) {
  throw new Error(`Clients are ${clientNames.join(", ")}`);
}
const seen = exercisedIn(readFileSync(log, "utf8"));
const claimed = committedExercised();
if (what === "write") {
  const next = { ...claimed };
  for (const name of names) next[name] = seen[name] ?? {};
  writeFileSync(exercisedFile, `${JSON.stringify(next, null, 2)}\n`);
} else if (what === "check") {
  const unclaimed = missingIn(claimed, seen, names);
  if (unclaimed.length > 0) list("exercised, and not yet in exercised.json", unclaimed);
  const untrue = missingIn(seen, claimed, names);
  if (untrue.length > 0) {
    list("✗ exercised.json claims what no test of this run did", untrue);
    process.exitCode = 1;
  }
} else {
  throw new Error("Usage: node scripts/exercised.mjs check|write LOG CLIENT…");
}

function list(title, lines) {
  process.stdout.write(`${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`);
}
