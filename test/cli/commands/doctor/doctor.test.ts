import { expect, test } from "vitest";

import type { Check } from "../../../../src/cli/commands/doctor/check.ts";
import { ok } from "../../../../src/cli/commands/doctor/check.ts";
import { patientOf } from "../../../../src/cli/commands/doctor/patient.ts";
import { runChecks } from "../../../../src/cli/commands/doctor/run-checks.ts";
import { LmiError } from "../../../../src/errors.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { doctor } from "./doctor-fixture.ts";

const patient = patientOf(recordingAws(), undefined, recordingSystem(), {
  bootstrapVersion: async () => 28,
});
const failing = (name: string, error: Error): Check => ({
  name,
  permission: "ec2:DescribeSubnets",
  run: () => Promise.reject(error),
});

test("a check that cannot look says why, and stops no other", async () => {
  const checks: Check[] = [
    failing("denied", new LmiError("LMI_ACCESS_DENIED", "No.")),
    failing("without", new LmiError("LMI_CREDENTIALS_MISSING", "None.", { exitCode: 5 })),
    failing("unknown", new LmiError("LMI_NOT_IMPLEMENTED", "What?", { why: "no DescribeX here" })),
    failing("throttled", new LmiError("LMI_THROTTLED", "Slow down.", { next: "Again" })),
    { name: "hanging", run: () => new Promise(() => {}) },
    { name: "fine", run: async () => ok("all is well") },
  ];
  const results = await runChecks(checks, patient, undefined, 5);
  expect(results).toMatchObject([
    {
      check: "denied",
      status: "warning",
      evidence: "not known: ec2:DescribeSubnets is not allowed to the caller",
    },
    { check: "without", status: "skipped" },
    { check: "unknown", status: "skipped", evidence: "not known: no DescribeX here" },
    { check: "throttled", status: "warning", evidence: "not known: Slow down.", mend: "Again" },
    {
      check: "hanging",
      status: "warning",
      evidence: expect.stringContaining("no answer") as string,
    },
    { check: "fine", status: "ok" },
  ]);
});

test("an error of lmi's own is none of a check's results", async () => {
  await expect(runChecks([failing("bug", new TypeError("x"))], patient)).rejects.toThrow(TypeError);
});

const account = () =>
  recordingAws({
    serverClock: { read: async () => ({ time: new Date(), took: 10 }) },
    quotas: { value: async () => 64, running: async () => [], capacityProviders: async () => 1 },
    credentials: { accessKeyId: "AKIA", secretAccessKey: "s" },
  });

test("without a project it looks at the account alone, and is well with warnings", async () => {
  const { error, checks, reporter } = await doctor(account(), { bootstrapVersion: "none" });
  expect(error).toBeUndefined();
  expect(checks).toMatchObject({ bootstrap: { status: "warning" }, region: { status: "ok" } });
  expect(checks).not.toHaveProperty("libraries");
  expect(reporter.rendered.join("")).toContain("No project here");
  for (const line of reporter.rendered.join("").split("\n"))
    expect(line.length).toBeLessThanOrEqual(79);
});

test("a failure ends with exit code 1, all checks said before", async () => {
  const { error, reporter } = await doctor(account(), { bootstrapVersion: 3 });
  expect(error).toMatchObject({ code: "LMI_CHECKS_FAILED", exitCode: 1 });
  expect(error?.message).toMatch(/^1 of \d+ checks: bootstrap\.$/);
  expect(error?.next).toContain("lmi bootstrap --region us-east-1");
  expect(reporter.rendered.join("")).toContain("failure  bootstrap");
});

test("with --fail-on warning so does a warning; with --json the failure is the one document", async () => {
  const options = { failOn: "warning", json: true } as const;
  const { error, reporter, checks } = await doctor(account(), {
    bootstrapVersion: "none",
    options,
  });
  expect(error).toMatchObject({ code: "LMI_CHECKS_FAILED", exitCode: 1 });
  expect(reporter.results).toEqual([]);
  expect(checks).toMatchObject({ bootstrap: { status: "warning" }, node: { status: "ok" } });
});
