import { expect, test } from "vitest";

import { runValidate, type ValidateOptions } from "../../../src/cli/commands/validate.ts";
import type { Finding } from "../../../src/cli/commands/validate/findings.ts";
import type { LmiError } from "../../../src/errors.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const options: ValidateOptions = {
  ...sharedDefaults(),
  settings: {},
  failOn: "error",
  template: false,
};

async function validate(settings: object, given: Partial<ValidateOptions> = {}) {
  const cwd = await temporaryFolder({
    "lmi.json": JSON.stringify({ name: "hello", ...settings }),
    "src/handler.ts": "export const handler = async () => 1;",
  });
  const reporter = new RecordingReporter();
  const error = await runValidate(
    { ...options, ...given },
    { system: recordingSystem({ cwd }), reporter },
  ).then(
    () => undefined,
    (thrown: LmiError) => thrown,
  );
  return { error, reporter, findings: error?.details?.["findings"] as readonly Finding[] };
}

test("finds nothing in the defaults, nor in the template that they come to", async () => {
  const { error, reporter } = await validate({}, { template: true, failOn: "warning" });
  expect(error).toBeUndefined();
  expect(reporter.results).toEqual([{ valid: true, findings: [], template: true }]);
});

test("tells of code that is missing or broken with its setting, beside everything else", async () => {
  const { error, findings } = await validate(
    {
      network: { egress: "none" },
      functions: { api: { entry: "src/handlr.ts" }, other: { entry: "lib.zip" }, third: {} },
    },
    { template: true },
  );
  expect(error).toMatchObject({ code: "LMI_INVALID", exitCode: 2 });
  expect(findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ path: "functions.api.entry", code: "LMI_ENTRY_NOT_FOUND" }),
      expect.objectContaining({ path: "functions.other.entry", code: "LMI_ENTRY_NOT_FOUND" }),
      expect.objectContaining({ path: "network.egress", severity: "warning" }),
    ]),
  );
});

test("tells of a network that has to be looked up as of a finding", async () => {
  const { findings } = await validate({ network: { defaultVpc: true } }, { template: true });
  expect(findings).toMatchObject([{ path: "network", code: "LMI_LOOKUP_NEEDED" }]);
});

test("runs no build, and does not miss what one would make", async () => {
  const api = { entry: "made.jar", handler: "a.B::c", runtime: "java25", build: "exit 9" };
  const { error } = await validate({ functions: { api } }, { template: true, failOn: "warning" });
  expect(error).toBeUndefined();
});

test("tells everything at once, each with its reason, its source and what mends it", async () => {
  const { error, findings } = await validate({
    capacity: { maxVCpu: 5 },
    network: { egress: "none" },
    functions: { api: { memory: 2100, runtme: "nodejs24.x" } },
  });
  expect(error).toMatchObject({
    code: "LMI_INVALID",
    exitCode: 2,
    message: "The project has 3 errors, 1 warning",
  });
  expect(findings.map(({ severity, path, code }) => [severity, path, code])).toEqual([
    ["error", "capacity.maxVCpu", "too-small"],
    ["error", "functions.api.runtme", "unknown-key"],
    ["error", "functions.api.memory", "memory-ratio"],
    ["warning", "network.egress", "egress-none"],
  ]);
  expect(findings[1]?.mend).toBe("Did you mean runtime?");
  for (const finding of findings) {
    expect(finding.why).toMatch(/\.$/);
    expect(finding.source).not.toBe("");
  }
});

test("takes warnings as seriously as asked", async () => {
  const settings = { network: { egress: "none" } };
  const lenient = await validate(settings);
  expect(lenient.error).toBeUndefined();
  expect(lenient.reporter.results).toMatchObject([
    { valid: true, findings: [{ code: "egress-none", severity: "warning" }] },
  ]);
  expect((await validate(settings, { failOn: "warning" })).error?.exitCode).toBe(2);
});

test("does not look at the template of wrong settings", async () => {
  const { findings, reporter } = await validate({ capacity: { maxVCpu: 5 } }, { template: true });
  expect(findings).toHaveLength(1);
  expect(reporter.said).toEqual([]);
});

test("finds what overrides and further resources make invalid, in the stack and in the template", async () => {
  const absent = { overrides: { CapacityProvidr: { DeletionPolicy: "Retain" } } };
  const { findings } = await validate(absent, { template: true });
  expect(findings).toMatchObject([
    { code: "override-unknown", path: "overrides.CapacityProvidr", severity: "error" },
  ]);
  const invalid = {
    overrides: { CapacityProvider: { "Properties.InstanceRequirements.Architectures": ["z80"] } },
    resources: { Jobs: { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeot: 60 } } },
  };
  const inTemplate = await validate(invalid, { template: true });
  expect(inTemplate.findings.map(({ path, place }) => [path, place])).toEqual(
    expect.arrayContaining([
      [
        "overrides.CapacityProvider.Properties.InstanceRequirements.Architectures",
        "CapacityProvider/Properties.InstanceRequirements.Architectures.0",
      ],
      ["resources.Jobs.Properties.VisibilityTimeot", "Jobs/Properties.VisibilityTimeot"],
    ]),
  );
});
