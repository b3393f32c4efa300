import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { startTestTarget } from "../helpers/local-target.ts";
import { pythonProgram } from "../helpers/python.ts";

const run = promisify(execFile);
const python = pythonProgram("python");

interface Met {
  readonly service: string;
  readonly fault: { readonly fault: string; readonly when?: string; readonly status?: number };
  readonly retries?: number;
  readonly error?: string;
  readonly hits: number;
}

/** AWS's other SDK takes each fault for what it is: its own rules decide what is tried again (botocore, retries/standard.py). */
describe.skipIf(python === undefined)("boto3", () => {
  test("tries again what passes, of every service, and tells the rest as typed errors", async () => {
    const target = await startTestTarget();
    const script = join(import.meta.dirname, "faults", "boto3-faults.py");
    const { stdout } = await run(python ?? "", [script, target.endpoint]);
    const met = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Met);
    expect(met).toHaveLength(70);
    expect(met.filter((each) => !isExpected(each))).toEqual([]);
  });
});

function isExpected({ fault: { fault }, hits, retries, error = "" }: Met): boolean {
  if (hits !== 1) return false;
  if (fault === "expired-token") return /Expired/.test(error);
  if (fault === "access-denied") return /AccessDenied|UnauthorizedOperation/.test(error);
  return retries === 1;
}
