import type { Aws } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { Deps } from "../../deps.ts";
import type { Limits } from "./time-limit.ts";

export type DeployDeps = Pick<Deps, "system" | "reporter" | "prompter">;

/** A context whose events nobody hears; a step that has any brings its own listener. */
export function deployContext(
  aws: Aws,
  limits: Pick<Limits, "signal">,
  { system }: Pick<DeployDeps, "system">,
): DeployContext {
  return {
    aws,
    now: system.now,
    sleep: system.sleep,
    signal: limits.signal,
    onEvent: () => undefined,
    environment: system.env,
  };
}
