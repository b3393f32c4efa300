// `npm run build`: TypeScript to dist/, and what else dist/ needs. Does nothing when nothing changed since.
// Runs on Node 20 too: it only starts the project's own tools.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import process from "node:process";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
const stamp = join(dist, ".build");
const runtimeClient = join(root, "scripts", "copy-runtime-client.mjs");

const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  rmSync(stamp, { force: true });
  removeOrphans();
  node(
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "-p",
    join(root, "tsconfig.build.json"),
  );
  // The types of lmi.config.ts, and of what they rest on.
  node(
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "-p",
    join(root, "tsconfig.types.json"),
  );
  node(runtimeClient, join(dist, "local", "runtime", "nodejs"));
  node(join(root, "scripts", "bundle-command.mjs"));
  writeFileSync(stamp, wanted);
}

/** One hash over everything that decides what dist/ holds. */
function fingerprint() {
  const hash = createHash("sha256");
  const single = [
    "package-lock.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "tsconfig.types.json",
  ];
  for (const file of [...single, ...filesIn("scripts"), ...filesIn("src")]) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** What tsc made of a source that no longer exists must not stay importable. Other files in dist/ are left. */
function removeOrphans() {
  if (!existsSync(dist)) return;
  for (const file of readdirSync(dist, { recursive: true })) {
    const source = /^(.+)\.(?:js|js\.map|d\.ts)$/.exec(file)?.[1];
    if (source === undefined || isCopied(file)) continue;
    if (!existsSync(join(root, "src", `${source}.ts`))) rmSync(join(dist, file));
  }
}

function isCopied(file) {
  return file.startsWith(join("local", "runtime", "nodejs")) || file.startsWith("bundle");
}

function node(script, ...args) {
  const result = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}
