import process from "node:process";
import { describe, expect, test } from "vitest";
import { startTestTarget } from "../helpers/local-target.ts";
import {
  alwaysRefused,
  implementedOperations,
  notExercised,
  runPython,
} from "../helpers/python-clients.ts";
import { pythonPrograms } from "../helpers/python.ts";

/** `service.Operation`, with boto3's name of the service. */
const boto3Name = (operation: string) =>
  operation
    .replace(/^monitoring /, "cloudwatch ")
    .replace(/^apigateway /, "apigatewayv2 ")
    .replace(/^servicequotas /, "service-quotas ")
    .replace(" ", ".");

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

  // Another seed by LMI_FUZZ_SEED; failures name what was sent.
  test("answers to random requests that botocore's models allow are as the models say", async () => {
    const { endpoint } = await startTestTarget();
    const filled = await runPython("main.py", endpoint, ["--client", "boto3"]);
    expect(filled.problems).toEqual([]);
    const operations = (await implementedOperations()).map((name) => boto3Name(name));
    const { LMI_FUZZ_SEED = "1" } = process.env;
    const settings = ["--seed", LMI_FUZZ_SEED, "--rounds", "10", "--writes", "10"];
    const report = await runPython("fuzz.py", endpoint, [...settings, ...operations]);
    expect(report.problems).toEqual([]);
    expect(report.checked).toBeGreaterThan(500);
  });
});
