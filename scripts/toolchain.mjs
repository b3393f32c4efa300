// What every script of the project starts with: the locked packages and the project's own Node.
// Runs on the machine's Node (20 or later), with nothing installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import process from "node:process";

export const root = resolve(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".lmi-install");

/** The project's own Node (devDependency `node`), whatever Node the machine has. */
export const node = join(
  root,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/** Environment in which `node`, `vitest`, `tsc` … are the project's. */
export function toolEnvironment(extra = {}) {
  return { ...process.env, PATH: [bin, process.env.PATH].join(delimiter), ...extra };
}

/** PATH without any node_modules/.bin, which npm puts before the machine's own programs. */
function machinePath() {
  const inside = join("node_modules", ".bin");
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(inside))
    .join(delimiter);
}

/** Installs what the lockfile says, once; later calls need no network. */
export function ensureInstalled(folder = root) {
  const lock = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  const mark = folder === root ? stamp : join(folder, "node_modules", ".lmi-install");
  const complete = existsSync(mark) && readFileSync(mark, "utf8") === lock;
  if (complete && existsSync(node)) return;
  // Install scripts stay off: the only one that the project needs is run by name below.
  // (aws-lambda-ric would compile C++ for a minute, and only its JavaScript is used.)
  must("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
  });
  if (!existsSync(node)) installNode();
  writeFileSync(mark, lock);
}

function installNode() {
  // Not process.execPath: under `npm run` that may be the project's own Node, which is not there at this moment.
  must("node", ["installArchSpecificPackage.js"], {
    cwd: join(root, "node_modules", "node"),
    env: { ...process.env, PATH: machinePath() },
    stdio: ["ignore", "ignore", "inherit"],
  });
  // npm links programs that exist when it installs; this one came later.
  must("npm", ["rebuild", "node", "--ignore-scripts", "--loglevel=error"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (!existsSync(node))
    fail(`the package "node" did not bring a Node for ${process.platform}-${process.arch}`);
}

/** Runs a command to its end; its failure is this script's failure. stdout goes to stderr. */
export function must(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: toolEnvironment(),
    stdio: ["ignore", 2, "inherit"],
    shell: process.platform === "win32" && command === "npm",
    ...options,
  });
  if (result.error) fail(`${command}: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Runs a command and waits without blocking signals; resolves to exit code and captured stdout. */
export function run(command, args, options = {}) {
  return new Promise((resolveRun, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: toolEnvironment(),
      stdio: ["ignore", "pipe", "inherit"],
      ...options,
    });
    const chunks = [];
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolveRun({ code, signal, stdout: Buffer.concat(chunks).toString() }),
    );
    options.onStart?.(child);
  });
}

export function build() {
  must(node, [join(root, "scripts", "build.mjs")]);
}

function fail(message) {
  process.stderr.write(`✗ ${message}\n`);
  process.exit(1);
}
