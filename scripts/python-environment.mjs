// AWS's Python clients, pinned in test/conformance/python/requirements.txt, in a virtual environment below node_modules.
// Made once, from PyPI; later calls need no network. Prints the folder of its programs; where it cannot be made, says why
// and ends with 1.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const root = join(import.meta.dirname, "..");
const requirements = join(root, "test", "conformance", "python", "requirements.txt");
const oldest = [3, 11];
const lockMilliseconds = 10 * 60_000;

class Missing extends Error {}

function pythonCommand() {
  for (const command of ["python3", "python"]) {
    const asked = spawnSync(command, ["-c", "import sys; print(*sys.version_info[:2])"], {
      encoding: "utf8",
    });
    if (asked.status !== 0) continue;
    const version = asked.stdout.trim().split(" ").map(Number);
    if (version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1])) {
      return { command, version: version.join(".") };
    }
  }
  throw new Missing(
    `There is no Python ${oldest.join(".")} or newer on the PATH, which tests with the AWS CLI, boto3 and cfn-lint need.\nInstall it (with its module venv), then run this again.`,
  );
}

function ensure() {
  const { command, version } = pythonCommand();
  const text = readFileSync(requirements);
  const key = createHash("sha256").update(text).update(version).digest("hex").slice(0, 12);
  const folder = join(root, "node_modules", ".cache", `python-${key}`);
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const complete = join(folder, "complete");
  if (!existsSync(complete)) {
    locked(
      `${folder}.lock`,
      () => existsSync(complete),
      () => {
        rmSync(folder, { recursive: true, force: true });
        must(command, ["-m", "venv", folder]);
        const pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"];
        must(join(bin, "python"), [...pip, "-r", requirements]);
        writeFileSync(complete, "");
      },
    );
  }
  return bin;
}

/** One process makes it, the others wait; a lock that its maker left behind is taken away after ten minutes. */
function locked(lock, isDone, work) {
  mkdirSync(join(lock, ".."), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (isDone()) return;
      const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - made > lockMilliseconds) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    if (!isDone()) work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function must(command, args) {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status === 0) return;
  throw new Missing(
    `${command} ${args.join(" ")} failed, which tests with the AWS CLI, boto3 and cfn-lint need:\n${error?.message ?? stderr.trim()}`,
  );
}

try {
  process.stdout.write(`${ensure()}\n`);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
