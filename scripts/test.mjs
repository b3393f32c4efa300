// `npm test`: installs what is missing, builds, runs every test. Arguments go to vitest.
// A complete run then holds test/conformance/exercised.json to what its clients called.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { build, ensureInstalled, node, root, run, toolEnvironment } from "./toolchain.mjs";

ensureInstalled();
build();

// Where it cannot be made, tests that need it are skipped and say so; in CI they fail.
const python = await run(node, [join(root, "scripts", "python-environment.mjs")], {
  stdio: ["ignore", "ignore", "inherit"],
});

const folder = mkdtempSync(join(tmpdir(), "lmi-test-"));
const report = join(folder, "report.json");
const requestLog = join(folder, "requests.jsonl");
writeFileSync(requestLog, "");
const args = process.argv.slice(2);
const conformance = args.includes("vitest.conformance.config.ts");
const complete = args.length === (conformance ? 2 : 0);
let child;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child?.kill(signal));
const result = await run(
  join(root, "node_modules", ".bin", "vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...args],
  {
    stdio: ["ignore", "inherit", "inherit"],
    env: toolEnvironment({ LMI_LOCAL_REQUEST_LOG: requestLog }),
    onStart: (started) => (child = started),
  },
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
if (complete && result.code === 0) {
  // Without Python its clients called nothing, as the skipped tests say.
  const ofPython = (client) => (python.code === 0 ? [client] : []);
  const clients = conformance ? [...ofPython("AWS CLI"), "cdk"] : [...ofPython("boto3"), "JS SDK"];
  const script = join(root, "scripts", "exercised.mjs");
  const { code } = await run(node, [script, "check", requestLog, ...clients], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.exitCode ||= code;
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = result.code || process.exitCode || (result.signal ? 1 : 0);
