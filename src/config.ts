import type { SettingsInput } from "./synth/settings-schema.ts";
import type { StackContext, StackHook } from "./synth/settings.ts";

export type { StackContext, StackHook };

/** What lmi.json may say, and what only code can. */
export type LmiConfig = SettingsInput & {
  /** Gets the CDK stack after everything that the settings say; overrides alone come later. */
  readonly stack?: StackHook;
};

/** The settings, or a function that makes them for `--env`. */
export type LmiConfigExport =
  | LmiConfig
  | ((context: { readonly env: string | undefined }) => LmiConfig | Promise<LmiConfig>);

/** For the default export of lmi.config.ts: gives back what it gets, and lets editors check and complete it. */
export function defineConfig(config: LmiConfigExport): LmiConfigExport {
  return config;
}
