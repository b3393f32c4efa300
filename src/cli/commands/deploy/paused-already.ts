import { isDeepStrictEqual } from "node:util";
import type { Aws, StackState } from "../../../aws/ports.ts";
import { isStopped, latestPublished } from "../../../deploy/declared-scaling.ts";
import {
  deployedResources,
  resourcesOf,
  type TemplateResources,
} from "../../../deploy/template-resources.ts";
import type { Reporter } from "../../output/reporter.ts";
import { wrap } from "../../output/wrap.ts";
import type { FreeSurvey } from "./await-turn.ts";
import { deployedFunctions } from "./outputs.ts";
import type { Prepared } from "./prepare.ts";

/** Names of functions that `lmi pause` or a schedule has stopped. */
export async function stoppedFunctions(
  { outputs }: Pick<StackState, "outputs">,
  { functions }: Pick<Aws, "functions">,
): Promise<readonly string[]> {
  const names = deployedFunctions(outputs);
  const states = await Promise.all(names.map((name) => functions.find(name, latestPublished)));
  return names.filter((_, index) => isStopped(states[index]?.state));
}

/**
 * Which functions run nowhere after the deploy: those that settings say, and those that are paused now. CloudFormation
 * looks at its templates alone: it touches the number of environments only where the template's has changed.
 */
export async function pausedAfter(
  { condition, aws, template }: FreeSurvey,
  prepared: Pick<Prepared, "template">,
  bySettings: ReadonlySet<string>,
  reporter: Reporter,
): Promise<ReadonlySet<string>> {
  if (condition.kind !== "ready") return bySettings;
  const stopped = (await stoppedFunctions(condition.stack, aws)).filter(
    (name) => !bySettings.has(name),
  );
  const [before, after] = [deployedResources(template), resourcesOf(prepared.template)];
  const stay = stopped.filter((name) =>
    isDeepStrictEqual(scalingOf(name, before), scalingOf(name, after)),
  );
  const started = stopped.filter((name) => !stay.includes(name));
  for (const name of stay)
    reporter.info(
      wrap(`${name} is paused, and stays so: what is deployed runs after \`lmi resume\`.`, 2),
    );
  for (const name of started)
    reporter.info(
      wrap(
        `${name} is paused. This deploy sets how many environments it has, and so resumes it.`,
        2,
      ),
    );
  return new Set([...bySettings, ...stay]);
}

/** The resource's id belongs to it: a function that is made anew starts. */
function scalingOf(name: string, resources: TemplateResources): unknown {
  const [id, resource] =
    Object.entries(resources).find(
      ([, { Type, Properties }]) =>
        Type === "AWS::Lambda::Function" && Properties?.["FunctionName"] === name,
    ) ?? [];
  return { id, config: resource?.Properties?.["FunctionScalingConfig"] };
}
