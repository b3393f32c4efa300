import { untilAborted } from "../../../deploy/until-aborted.ts";
import type { FreeSurvey } from "./await-turn.ts";
import type { DeployDeps } from "./deploy-context-of.ts";
import { sayLifetime } from "./lifetime.ts";
import { pausedAfter } from "./paused-already.ts";
import type { Prepared } from "./prepare.ts";
import type { Limits } from "./time-limit.ts";

/**
 * Says, before anybody is asked, when the stack will be deleted, and what is paused.
 * @returns names of the functions that run nowhere after the deploy
 */
export async function foresee(
  survey: FreeSurvey,
  prepared: Pick<Prepared, "settings" | "template">,
  { paused, limits }: { readonly paused: ReadonlySet<string>; readonly limits: Limits },
  { reporter, system }: Pick<DeployDeps, "reporter" | "system">,
): Promise<ReadonlySet<string>> {
  sayLifetime(survey, prepared.settings, reporter, system.now());
  return untilAborted(pausedAfter(survey, prepared, paused, reporter), limits.signal);
}
