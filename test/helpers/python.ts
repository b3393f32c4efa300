import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import process from "node:process";
import { errorInCi } from "./skipped.ts";

const script = resolve(import.meta.dirname, "../../scripts/python-environment.mjs");
let folder: string | undefined;

/**
 * Folder of the pinned `python`, `aws` and `cfn-lint`, made on first use; undefined where this machine cannot have
 * them, which it says. In CI (`CI` is set) that is an error: nothing is skipped there.
 */
export function pythonPrograms(): string | undefined {
  if (folder !== undefined) return folder;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status === 0) return (folder = stdout.trim());
  errorInCi(stderr);
  process.stderr.write(`skipped: ${stderr}`);
  return undefined;
}

/** One of these programs, by its absolute path. */
export function pythonProgram(name: "python" | "aws" | "cfn-lint"): string | undefined {
  const programs = pythonPrograms();
  return programs === undefined ? undefined : join(programs, name);
}
