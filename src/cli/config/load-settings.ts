import type { Settings } from "../../synth/settings.ts";
import type { SettingFlagValues } from "./setting-flags.ts";

export interface LoadSettingsRequest {
  readonly cwd: string;
  /** `--config`. */
  readonly configFile?: string | undefined;
  /** `--env`. */
  readonly environmentName?: string | undefined;
  /** `--region`. */
  readonly region?: string | undefined;
  /** The process environment, for LMI_* and AWS_REGION. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags?: SettingFlagValues;
}

/** Where a value came from: `--memory`, `LMI_MEMORY`, `lmi.json (prod)`, `lmi.json` or `default`. */
export type Origins = Readonly<Record<string, string>>;

export interface LoadedSettings {
  readonly settings: Settings;
  /** Folder that entries are relative to: the one of lmi.json, else cwd. */
  readonly projectDir: string;
  readonly configFile: string | undefined;
  /** By dotted path, e.g. `capacity.maxVCpu`; every setting has one. */
  readonly origins: Origins;
  /** Sentences worth showing that do not stop anything. */
  readonly warnings: readonly string[];
}

/** Fails with LMI_SETTINGS_INVALID, LMI_CONFIG_NOT_FOUND or LMI_CONFIG_SYNTAX, all exit code 2. */
export type LoadSettings = (request: LoadSettingsRequest) => Promise<LoadedSettings>;
