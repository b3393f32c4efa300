import type { Environment } from "../aws/client-settings.ts";
import type { Aws } from "../aws/ports.ts";
import type { Settings } from "../synth/settings.ts";
import type { DeployListener } from "./deploy-event.ts";

/** What the steps of a deployment work with: AWS, a clock, and whom to tell. */
export interface DeployContext {
  readonly aws: Aws;
  readonly now: () => Date;
  /** Rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Aborted by Ctrl-C, SIGTERM or the command's own time limit; its reason is what the steps throw. */
  readonly signal: AbortSignal;
  readonly onEvent: DeployListener;
  /** What is deployed, for figures in explanations; undefined where nothing is. */
  readonly settings?: Settings | undefined;
  /** Variables of the process, for proxies and certificates. */
  readonly environment: Environment;
}

/**
 * Milliseconds between two looks at the same thing. CloudFormation's and Lambda's read calls are limited per
 * account (capacity provider reads: 15 a second, Lambda developer guide, lambda-managed-instances-quotas);
 * the local target has no such limit and is done in a moment.
 */
export function pollInterval(aws: Aws): number {
  return aws.target.local ? 100 : 2000;
}
