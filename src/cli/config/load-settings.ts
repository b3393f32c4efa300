import path from "node:path";
import { defaultProjectName } from "../../synth/default-names.ts";
import { existingVpc } from "../../synth/existing-vpc.ts";
import type { Settings } from "../../synth/settings.ts";
import type { Checked, Identity } from "./check-rules.ts";
import { environmentOverlay } from "./environment-overlay.ts";
import { flagLayers } from "./flag-layers.ts";
import { type Layer, leafPaths, type Merged, mergeLayers, valueAt, without } from "./layers.ts";
import { type Problem, settingsError } from "./problem.ts";
import {
  PROJECT_FILE,
  type ProjectFile,
  type ProjectFileRequest,
  readProjectFile,
  relativeTo,
} from "./project-file.ts";
import type { SettingFlagValues } from "./setting-flags.ts";

export interface LoadSettingsRequest extends ProjectFileRequest {
  /** `--region`. */
  readonly region?: string | undefined;
  /** The process environment, for LMI_* and AWS_REGION. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags?: SettingFlagValues;
}

/** Where each value came from, by dotted path: `--memory`, `LMI_MEMORY`, `lmi.json (prod)`, `lmi.json` or `default`. */
export type Origins = Readonly<Record<string, string>>;

export interface LoadedSettings {
  readonly settings: Settings;
  /** Folder that entries are relative to: the one of lmi.json, else cwd. */
  readonly projectDir: string;
  readonly configFile: string | undefined;
  /** Every setting that has a value has an origin. */
  readonly origins: Origins;
  /** Sentences worth showing that do not stop anything. */
  readonly warnings: readonly string[];
}

/** What the settings come to, right or wrong. */
export interface ExaminedSettings {
  /** Only to be used when there are no problems. */
  readonly settings: Settings | undefined;
  readonly projectDir: string;
  readonly configFile: string | undefined;
  /** Name of the file as people read it. */
  readonly fileName: string;
  readonly origins: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Flags over environment variables over the `--env` overlay over lmi.json over defaults, checked. Works without a file.
 * Fails with LMI_SETTINGS_INVALID, LMI_CONFIG_NOT_FOUND, LMI_CONFIG_UNREADABLE, LMI_CONFIG_SYNTAX … all exit code 2.
 */
export async function loadSettings(request: LoadSettingsRequest): Promise<LoadedSettings> {
  const examined = await examineSettings(request);
  const { settings, problems, fileName } = examined;
  if (problems.length > 0 || !settings) throw settingsError(problems, fileName);
  return {
    settings,
    projectDir: examined.projectDir,
    configFile: examined.configFile,
    origins: originsOf(settings, examined.origins),
    warnings: examined.warnings.map(sentence),
  };
}

/** The same with every problem and warning told apart, for who wants to look at them. */
export async function examineSettings(request: LoadSettingsRequest): Promise<ExaminedSettings> {
  const { cwd, environmentName } = request;
  const found = await readProjectFile(request);
  const projectDir = found ? path.dirname(found.file) : path.resolve(cwd);
  const fileName = found ? relativeTo(cwd, found.file) : PROJECT_FILE;
  const files = found ? fileLayers(found, fileName, environmentName) : { layers: [], problems: [] };
  const flags = flagLayers(
    request.flags ?? {},
    request.env,
    mergeLayers(files.layers).values,
    found !== undefined,
  );
  const merged = mergeLayers([...files.layers, ...regionLayers(request), ...flags.layers]);

  const checked = await check(merged, {
    name: defaultProjectName(path.basename(projectDir)),
    environment: environmentName,
  });
  const ignored = checked.settings ? ignoredNetwork(checked.settings, merged.origins) : [];
  return {
    settings: checked.settings && { ...checked.settings, stack: found?.stack },
    projectDir,
    configFile: found?.file,
    fileName,
    origins: found?.stack ? new Map([...merged.origins, ["stack", fileName]]) : merged.origins,
    problems: [...files.problems, ...flags.problems, ...checked.problems],
    warnings: [...checked.warnings, ...ignored],
  };
}

async function check(merged: Merged, identity: Identity): Promise<Checked> {
  const { checkSurely } = await import("./check-surely.ts");
  const checked = checkSurely(merged, identity);
  if (checked) return checked;
  const { checkMerged } = await import("./check-settings.ts");
  return checkMerged(merged, identity);
}

function fileLayers(found: ProjectFile, fileName: string, environment: string | undefined) {
  const { content } = found;
  const { overlay, problem } = environmentOverlay(found, environment);
  const base: Layer = { values: content, origin: fileName };
  if (environment === undefined || overlay === undefined)
    return { layers: [base], problems: problem === undefined ? [] : [problem] };
  // The chosen overlay is checked as part of the whole, the others where they stand.
  const rest = without(content, ["environments", environment]);
  const layers: Layer[] = [
    { values: rest, origin: fileName },
    { values: overlay, origin: `${fileName} (${environment})` },
  ];
  return { layers, problems: [] };
}

function regionLayers({ region, env }: LoadSettingsRequest): Layer[] {
  const places: [string | undefined, string][] = [
    [region, "--region"],
    [env["AWS_REGION"], "AWS_REGION"],
    [env["AWS_DEFAULT_REGION"], "AWS_DEFAULT_REGION"],
  ];
  const first = places.find(([value]) => value !== undefined && value !== "");
  return first ? [{ values: { region: first[0] }, origin: first[1] }] : [];
}

function originsOf(settings: Settings, origins: ReadonlyMap<string, string>): Origins {
  return Object.fromEntries(
    leafPaths({ ...settings })
      .filter((leaf) => valueAt(settings, leaf) !== undefined)
      .map((leaf) => [
        leaf.join("."),
        origins.get(leaf.join(".")) ?? (leaf[0] === "environment" ? "--env" : "default"),
      ]),
  );
}

function sentence({ path: where, message }: Problem): string {
  return `${where} ${message}`;
}

function ignoredNetwork({ network }: Settings, origins: ReadonlyMap<string, string>): Problem[] {
  if (existingVpc(network) === undefined) return [];
  const unused = ["cidr", "natGateways", "ipv6", "endpoints"];
  // Subnets that are looked up are chosen by these two; given ones are not.
  const moot = network.subnetIds === undefined ? [] : ["azs", "egress"];
  return [...unused, ...moot]
    .map((key) => `network.${key}`)
    .filter((where) => origins.has(where))
    .map((where) => ({
      path: where,
      value: undefined,
      origin: origins.get(where),
      code: "network-moot",
      message: "has no effect on a VPC that exists already",
      hint: undefined,
    }));
}
