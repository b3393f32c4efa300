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

/** The shared options that decide where AWS calls go. */
export interface TargetOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly local?: boolean | undefined;
}
