import { expect } from "vitest";
import { loadSettings, type LoadSettingsRequest } from "../../../src/cli/config/load-settings.ts";
import type { Problem } from "../../../src/cli/config/problem.ts";
import type { LmiError } from "../../../src/errors.ts";
import { projectFolder } from "./project-folder.ts";

export type LoadingRequest = Partial<LoadSettingsRequest>;

/** Settings of a project with this lmi.json, with no environment variable and no flag unless given. */
export async function load(lmiJson: unknown, request: LoadingRequest = {}) {
  const cwd = await projectFolder({ "lmi.json": lmiJson });
  return loadSettings({ cwd, env: {}, ...request });
}

export async function failure(lmiJson: unknown, request: LoadingRequest = {}): Promise<LmiError> {
  return load(lmiJson, request).then(
    () => {
      throw new Error("it loaded");
    },
    (error: LmiError) => error,
  );
}

/** The problems that keep it from loading. */
export async function problems(
  lmiJson: unknown,
  request: LoadingRequest = {},
): Promise<readonly Problem[]> {
  const error = await failure(lmiJson, request);
  expect(error).toMatchObject({ code: "LMI_SETTINGS_INVALID", exitCode: 2 });
  return error.details?.["problems"] as Problem[];
}
