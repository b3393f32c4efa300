import type { StackState } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import type { DeployContext } from "./deploy-context.ts";
import type { ResourceEvent } from "./deploy-event.ts";
import { currentOperation } from "./stack-trouble.ts";
import { patiently } from "./patiently.ts";
import { deployedResources, type TemplateResources } from "./template-resources.ts";
import { told } from "./watch-stack.ts";
import { type Began, whoBegan } from "./who-began.ts";

/** What CloudFormation does with a stack now, or did last, as far as it tells those who come later. */
export interface Operation {
  readonly began: Date;
  readonly by: Began["by"];
  /** Since it began, oldest first. */
  readonly events: readonly ResourceEvent[];
  /** Id of the newest event; undefined where there is none. */
  readonly newest: string | undefined;
  /** Resources that it works on; none where nobody knows any more. */
  readonly expected: readonly { readonly logicalId: string; readonly type: string }[];
  readonly resources: TemplateResources;
}

export async function readOperation(stack: StackState, context: DeployContext): Promise<Operation> {
  const { aws } = context;
  const all = await patiently(context, () => aws.stacks.events(stack.stackId));
  const events = currentOperation(all);
  const { since, by } = whoBegan(stack, all);
  const template = await patiently(context, () => aws.stacks.template(stack.stackId));
  const resources = deployedResources(template);
  return {
    began: since ?? events.at(-1)?.time ?? stack.updatedAt ?? stack.createdAt ?? context.now(),
    by,
    events: events.toReversed().map((event) => ({ ...told(event), progress: undefined })),
    newest: all[0]?.eventId,
    expected: await expectedOf(stack, resources, context),
    resources,
  };
}

/** What is removed comes last, when CloudFormation cleans up: no stage waits for it. */
async function expectedOf(
  stack: StackState,
  resources: TemplateResources,
  context: DeployContext,
): Promise<Operation["expected"]> {
  if (stack.status.startsWith("CREATE"))
    return Object.entries(resources).map(([logicalId, { Type = "" }]) => ({
      logicalId,
      type: Type,
    }));
  const { changeSets } = context.aws;
  const planned = await patiently(context, () => changeSets.executed(stack.stackId)).catch(
    (error: unknown) => {
      // Only to count: coming back needs no further permission.
      if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return undefined;
      throw error;
    },
  );
  return (planned ?? []).filter(({ action }) => action !== "Remove");
}
