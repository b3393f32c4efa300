// `npm run check`: format, lint, types, unused code, package. All run; any failure fails the check.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { build, ensureInstalled, root, run } from "./toolchain.mjs";

ensureInstalled();
build();

const tool = (name) => join(root, "node_modules", ".bin", name);
const checks = [
  ["format", tool("oxfmt"), ["--check", "src", "test", "scripts", "bin", "bench"]],
  ["lint", tool("oxlint"), ["--type-aware", "src", "test", "scripts", "bin"]],
  ["types", tool("tsc"), []],
  ["unused code", tool("knip"), ["--no-progress"]],
  ["package", tool("publint"), ["--strict"]],
  ["engines", tool("installed-check"), ["--engine-check", "--ignore-dev"]],
];

let failed = false;
for (const [name, command, args] of checks) {
  const { code, stdout } = await run(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    onStart: collect,
  });
  report(name, code, stdout);
}
report(
  "lockfile names no host",
  readFileSync(join(root, "package-lock.json"), "utf8").includes('"resolved"') ? 1 : 0,
  "",
);
process.exitCode = failed ? 1 : 0;

function collect(child) {
  child.stderr.on("data", (chunk) => child.stdout.emit("data", chunk));
}

function report(name, code, output) {
  if (code === 0) return process.stdout.write(`✓ ${name}\n`);
  failed = true;
  return process.stdout.write(`✗ ${name}\n${output}\n`);
}
