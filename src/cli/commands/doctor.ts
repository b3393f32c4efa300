import { Command, Option } from "commander";

import { LmiError } from "../../errors.ts";
import type { Aws } from "../../aws/ports.ts";
import { type LoadedSettings, loadSettings } from "../config/load-settings.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import { examples, type SharedOptions, targetOptions } from "../shared-options.ts";
import { forSameStack } from "../same-stack.ts";
import type { CheckResult, DoctorProject } from "./doctor/check.ts";
import type { PolicyPart } from "./doctor/print-policy.ts";
import { type DoctorTools, liveDoctorTools } from "./doctor/patient.ts";
import { type Examination, renderExamination } from "./doctor/render.ts";

export interface DoctorOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  readonly failOn: "failure" | "warning";
  /** `--policy`: print that instead of checking. */
  readonly policy: PolicyPart | undefined;
}

export function doctorCommand(deps: Deps, run: typeof runDoctor = runDoctor): Command {
  const command = new Command("doctor")
    .description("Check account, network, permissions and tools before a deploy")
    .addOption(
      new Option("--fail-on <status>", "least status that ends with exit code 1")
        .choices(["failure", "warning"])
        .default("failure"),
    )
    .addOption(
      new Option("--policy [whose]", "print the least-privilege IAM policy for deploying this")
        .choices(["caller", "execution"])
        .preset("caller"),
    )
    .addHelpText(
      "after",
      examples([
        ["lmi doctor", "every check, and what mends it"],
        ["lmi doctor --region eu-west-1", "would it work there?"],
        ["lmi doctor --json --fail-on warning", "in CI"],
        ["lmi doctor --policy > policy.json", "for who deploys this project"],
        ["lmi doctor --policy execution", "for CloudFormation's role"],
      ]),
    );
  return addSettingOptions(command).action(
    ({ failOn, policy }: Pick<DoctorOptions, "failOn" | "policy">, self: Command) =>
      run({ ...projectOptions(self, deps.system), failOn, policy }, deps),
  );
}

/** Milliseconds for one answer of AWS; the SDK tries three times. */
const requestTimeout = 5000;

export async function runDoctor(
  options: DoctorOptions,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
  tools: DoctorTools = liveDoctorTools,
): Promise<void> {
  const { system, reporter } = deps;
  const loaded = await loadSettings(settingsRequest(options, system));
  const project = await projectOf(loaded, options);
  const target = targetOptions(options, {
    region: loaded.settings.region,
    projectDir: loaded.projectDir,
  });
  const aws = await deps.aws({ ...target, requestTimeout });
  if (options.policy !== undefined) return policyOf(options.policy, loaded, aws, deps);
  const [{ checksFor }, { patientOf }, { runChecks }] = await Promise.all([
    import("./doctor/checks.ts"),
    import("./doctor/patient.ts"),
    import("./doctor/run-checks.ts"),
  ]);
  const checks = checksFor({ local: aws.target.local, project: project !== undefined });
  const patient = patientOf(aws, project, system, tools);
  const results = await reporter.step("checks", (step) =>
    runChecks(checks, patient, (done) => step.progress(`${done} of ${checks.length}`)),
  );
  tell(
    {
      region: aws.target.region,
      local: aws.target.local,
      stackName: project?.stackName,
      checks: results.map((result) => forTarget(result, options)),
    },
    options,
    deps,
  );
}

async function policyOf(
  part: PolicyPart,
  loaded: LoadedSettings,
  aws: Aws,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const [{ printPolicy }, { stackName }] = await Promise.all([
    import("./doctor/print-policy.ts"),
    import("../../synth/names.ts"),
  ]);
  const { name, environment } = loaded.settings;
  await printPolicy(part, { loaded, stackName: stackName(name, environment), aws }, deps);
}

/** A folder without settings, and nothing given by flags: the account is all that there is to look at. */
async function projectOf(
  loaded: LoadedSettings,
  options: DoctorOptions,
): Promise<DoctorProject | undefined> {
  if (loaded.configFile === undefined && Object.keys(options.settings).length === 0)
    return undefined;
  const { stackName } = await import("../../synth/names.ts");
  const { name, environment } = loaded.settings;
  return { ...loaded, stackName: stackName(name, environment) };
}

function forTarget(result: CheckResult, options: DoctorOptions): CheckResult {
  const { evidence, mend } = result;
  return {
    ...result,
    evidence: forSameStack(evidence, options),
    ...(mend === undefined ? {} : { mend: forSameStack(mend, options) }),
  };
}

function tell(
  examination: Examination,
  { failOn, json }: DoctorOptions,
  { reporter }: Pick<Deps, "reporter">,
): void {
  const bad = examination.checks.filter(
    ({ status }) => status === "failure" || (failOn === "warning" && status === "warning"),
  );
  // One JSON document: the failure then holds the checks.
  if (bad.length === 0 || !json) reporter.result(examination, renderExamination);
  if (bad.length > 0) throw unwell(examination, bad);
}

function unwell(examination: Examination, bad: readonly CheckResult[]): LmiError {
  const [first] = bad;
  const names = bad.map(({ check }) => check).join(", ");
  return new LmiError(
    "LMI_CHECKS_FAILED",
    `${bad.length} of ${examination.checks.length} checks: ${names}.`,
    {
      ...(first?.mend === undefined ? {} : { next: first.mend }),
      details: { ...examination },
    },
  );
}
