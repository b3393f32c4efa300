import { describe, expect, test } from "vitest";
import { startTestTarget } from "../helpers/local-target.ts";
import {
  alwaysRefused,
  implementedOperations,
  notExercised,
  runPython,
} from "../helpers/python-clients.ts";
import { pythonPrograms } from "../helpers/python.ts";

/** The AWS CLI leaves out what streams events, but for live tail, which it ends only at a terminal. */
const notInTheCli = ["lambda InvokeWithResponseStream"];
const onlyAtATerminal = ["logs StartLiveTail"];

describe.skipIf(pythonPrograms() === undefined)("clients that this project did not write", () => {
  test("the AWS CLI succeeds and fails with every operation", async () => {
    const { endpoint } = await startTestTarget();
    const report = await runPython("main.py", endpoint, ["--client", "cli"]);
    expect(report.problems).toEqual([]);
    const implemented = await implementedOperations();
    const never = [...alwaysRefused, ...notInTheCli, ...onlyAtATerminal];
    expect(notExercised(report, "ok", implemented, never)).toEqual([]);
    expect(notExercised(report, "failed", implemented, notInTheCli)).toEqual([]);
  });
});
