// `npm test`: installs what is missing, builds, runs every test. Arguments go to vitest.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { build, ensureInstalled, root, run } from "./toolchain.mjs";

ensureInstalled();
build();

const folder = mkdtempSync(join(tmpdir(), "lmi-test-"));
const report = join(folder, "report.json");
let child;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child?.kill(signal));
const result = await run(
  join(root, "node_modules", ".bin", "vitest"),
  [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: ["ignore", "inherit", "inherit"], onStart: (started) => (child = started) },
);
try {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  process.stdout.write(
    `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`,
  );
} catch {
  process.stderr.write("vitest left no report\n");
  process.exitCode = 1;
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = result.code || process.exitCode || (result.signal ? 1 : 0);
