import type { PauseOptions } from "../../../src/cli/commands/pause.ts";
import type { ResumeOptions } from "../../../src/cli/commands/resume.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";

/** `lmi pause --local`, changed as given. */
export const pauseOptions = (change: Partial<PauseOptions> = {}): PauseOptions => ({
  ...sharedDefaults({ local: true }),
  function: undefined,
  maxWait: "30",
  schedule: undefined,
  timezone: undefined,
  ...change,
});

/** `lmi resume --local --no-probe`, changed as given. */
export const resumeOptions = (change: Partial<ResumeOptions> = {}): ResumeOptions => ({
  ...pauseOptions(),
  probe: false,
  ...change,
});
