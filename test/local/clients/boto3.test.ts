import { expect, test } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";
import {
  alwaysRefused,
  implementedOperations,
  notExercised,
  runPython,
} from "../../helpers/python-clients.ts";
import { pythonPrograms } from "../../helpers/python.ts";

const minutes = 60_000;

test.skipIf(pythonPrograms() === undefined)(
  "boto3 succeeds and fails with every operation as botocore's models say",
  { timeout: 5 * minutes },
  async () => {
    const { endpoint } = await startTestTarget();
    const report = await runPython("main.py", endpoint, ["--client", "boto3"]);
    expect(report.problems).toEqual([]);
    const implemented = await implementedOperations();
    expect(implemented.length).toBeGreaterThan(280);
    expect(notExercised(report, "ok", implemented, alwaysRefused)).toEqual([]);
    expect(notExercised(report, "failed", implemented, [])).toEqual([]);
    expect(report.checked).toBeGreaterThan(500);
  },
);
