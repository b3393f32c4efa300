import type { Aws } from "../../../../src/aws/ports.ts";
import type {
  CheckResult,
  Check,
  Patient,
  Verdict,
} from "../../../../src/cli/commands/doctor/check.ts";
import { type DoctorOptions, runDoctor } from "../../../../src/cli/commands/doctor.ts";
import { patientOf } from "../../../../src/cli/commands/doctor/patient.ts";
import type { Examination } from "../../../../src/cli/commands/doctor/render.ts";
import type { System } from "../../../../src/cli/system.ts";
import { LmiError } from "../../../../src/errors.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

const doctorDefaults: DoctorOptions = {
  ...sharedDefaults(),
  settings: {},
  failOn: "failure",
  policy: undefined,
};

export type Overrides = NonNullable<Parameters<typeof recordingAws>[0]>;

/** One check of what a test hands in. */
export async function verdictOf(
  check: Check,
  given: Partial<Omit<Patient, "aws" | "system">> & {
    readonly aws?: Partial<Aws>;
    readonly system?: Partial<System>;
  } = {},
): Promise<Verdict> {
  const { aws = {}, system = {}, ...rest } = given;
  const patient = patientOf({ ...recordingAws(), ...aws }, undefined, recordingSystem(system), {
    bootstrapVersion: async () => 28,
  });
  return check.run({ ...patient, ...rest });
}

export interface DoctorRun {
  readonly reporter: RecordingReporter;
  readonly error: LmiError | undefined;
  /** By name. */
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** The whole command in a folder with these files, on ports of a test's. */
export async function doctor(
  aws: Aws,
  {
    files = {},
    options = {},
    system = {},
    bootstrapVersion = 28,
  }: {
    readonly files?: Readonly<Record<string, string>>;
    readonly options?: Partial<DoctorOptions>;
    readonly system?: Partial<System>;
    readonly bootstrapVersion?: number | "none";
  } = {},
): Promise<DoctorRun> {
  return doctorOn(aws, await temporaryFolder({ ...files }), { options, system, bootstrapVersion });
}

/** The whole command in a folder. */
export async function doctorOn(
  aws: Aws,
  cwd: string,
  {
    options = {},
    system = {},
    bootstrapVersion = 28,
  }: {
    readonly options?: Partial<DoctorOptions>;
    readonly system?: Partial<System>;
    readonly bootstrapVersion?: number | "none";
  } = {},
): Promise<DoctorRun> {
  const reporter = new RecordingReporter();
  const error = await runDoctor(
    { ...doctorDefaults, ...options },
    {
      system: recordingSystem({ cwd, now: () => new Date(), ...system }),
      reporter,
      aws: async () => aws,
    },
    { bootstrapVersion: async () => (bootstrapVersion === "none" ? undefined : bootstrapVersion) },
  ).then(
    () => undefined,
    (thrown: unknown) => {
      if (thrown instanceof LmiError) return thrown;
      throw thrown;
    },
  );
  const examination = (reporter.results[0] ?? error?.details) as Examination | undefined;
  return {
    reporter,
    error,
    checks: Object.fromEntries((examination?.checks ?? []).map((each) => [each.check, each])),
  };
}
