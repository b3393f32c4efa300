import type { Aws } from "../aws/ports.ts";
import type { Prompter } from "./prompter.ts";
import type { Reporter } from "./output/reporter.ts";
import type { System } from "./system.ts";

/**
 * Everything a command may touch. A run function takes `Pick<Deps, …>`, so its signature says what it uses
 * and a test hands in just that. `liveDeps` (live-deps.ts) is the only composition.
 */
export interface Deps {
  readonly system: System;
  readonly reporter: Reporter;
  readonly prompter: Prompter;
  /** The AWS ports for the target that flags and environment name; loads SDK clients when they are first used. */
  readonly aws: (options: TargetOptions) => Promise<Aws>;
}

/** What decides where AWS calls go; `targetOptions` (shared-options.ts) makes it from flags and project. */
export interface TargetOptions {
  /** `--region`. Wins over AWS_REGION, AWS_DEFAULT_REGION, `projectRegion` and the profile's region, in this order. */
  readonly region?: string | undefined;
  /** The region in lmi.json. */
  readonly projectRegion?: string | undefined;
  readonly profile?: string | undefined;
  readonly local?: boolean | undefined;
  /** Milliseconds that each request may take. */
  readonly requestTimeout?: number | undefined;
  /** The project whose local target is meant; the current folder's project where absent. */
  readonly projectDir?: string | undefined;
}
