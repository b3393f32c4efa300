import path from "node:path";
import { deployedFunctionName, stackName } from "../../synth/names.ts";
import { defaultFunctionName, defaultProjectName } from "../../synth/default-names.ts";
import { knownOverlay } from "./environment-overlay.ts";
import { type ProjectFileRequest, readProjectFile } from "./project-file.ts";

/** What invoke, logs, status and destroy need to know of a project, without checking all of its settings. */
export interface ProjectNames {
  readonly projectName: string;
  readonly environmentName: string | undefined;
  readonly stackName: string;
  /** From the settings file only; flags and environment variables are the caller's. */
  readonly region: string | undefined;
  /** As they are deployed, in the order of the file: with `--env prod`, `hello` is deployed as `hello-prod`. */
  readonly functionNames: readonly string[];
  /** Of the capacity providers beside the one of `capacity`, as in the file. */
  readonly capacityProviderNames: readonly string[];
  readonly projectDir: string;
  /** undefined: there is no settings file. */
  readonly configFile: string | undefined;
}

/**
 * Reads the settings file alone, unchecked. Fails with LMI_CONFIG_…, and LMI_SETTINGS_INVALID for an environment that it
 * does not have; exit code 2.
 */
export async function readProjectNames(request: ProjectFileRequest): Promise<ProjectNames> {
  const { environmentName } = request;
  const found = await readProjectFile(request);
  const projectDir = found ? path.dirname(found.file) : path.resolve(request.cwd);
  const content = found?.content ?? {};
  const overlay = found === undefined ? {} : knownOverlay(found, request);
  const projectName = text(content["name"]) ?? defaultProjectName(path.basename(projectDir));
  const keys = Object.keys({ ...record(content["functions"]), ...record(overlay["functions"]) });
  return {
    projectName,
    environmentName,
    stackName: stackName(projectName, environmentName),
    region: text(overlay["region"]) ?? text(content["region"]),
    functionNames: (keys.length === 0 ? [defaultFunctionName] : keys).map((key) =>
      deployedFunctionName(key, environmentName),
    ),
    capacityProviderNames: Object.keys({
      ...record(content["capacityProviders"]),
      ...record(overlay["capacityProviders"]),
    }),
    projectDir,
    configFile: found?.file,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
