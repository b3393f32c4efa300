import type { LoadedSettings } from "../../config/load-settings.ts";
import type { FileSet } from "./files.ts";

export interface EjectedProject extends FileSet {
  /** What a person should know besides. */
  readonly notes: readonly string[];
  /** What to do with it. */
  readonly next: string;
}

/** Only where the project says so itself: what a shell happens to be set to is not the stack's. */
export function regionOf({ settings, origins }: LoadedSettings): string | undefined {
  return origins["region"]?.startsWith("AWS_") ? undefined : settings.region;
}
