import type { Aws } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Deps } from "../../deps.ts";
import { reportEvents } from "./event-reporting.ts";
import type { Limits } from "./time-limit.ts";

export type DeployDeps = Pick<Deps, "system" | "reporter" | "prompter">;

/**
 * A context that tells warnings; a step in which resources change brings its own listener.
 * @param settings of what is deployed, for the figures of explanations
 */
export function deployContext(
  aws: Aws,
  limits: Pick<Limits, "signal">,
  { system, reporter }: Pick<DeployDeps, "system" | "reporter">,
  settings?: Settings,
): DeployContext {
  return {
    aws,
    now: system.now,
    sleep: system.sleep,
    signal: limits.signal,
    onEvent: reportEvents(reporter, () => undefined),
    environment: system.env,
    settings,
  };
}
