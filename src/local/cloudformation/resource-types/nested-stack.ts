import { ServiceError } from "../../service-error.ts";
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { stackType as type } from "../stack-record.ts";
import { StackStore } from "../stack-store.ts";
import { number, object, tagList, text, texts } from "./properties.ts";
import { createNamed, hasCode } from "./repeatable.ts";
import { waitFor } from "./waiting.ts";

/** Stack names (API reference, CreateStack). */
const nameLength = 128;
const taken = ["AlreadyExistsException"];

interface Stack {
  readonly StackId: string;
  readonly StackStatus: string;
  readonly StackStatusReason?: string;
  readonly Outputs?: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
}

function call<Output extends object>(
  context: ResourceContext,
  operation: string,
  request: object,
): Promise<Output> {
  return context.call<Output>("cloudformation", operation, request, context.caller);
}

async function describe(StackName: string, context: ResourceContext): Promise<Stack | undefined> {
  try {
    const { Stacks } = await call<{ Stacks: Stack[] }>(context, "DescribeStacks", { StackName });
    return Stacks[0];
  } catch (error) {
    if (error instanceof ServiceError && error.message.includes("does not exist")) return undefined;
    throw error;
  }
}

/** The stack once nothing of it is in progress; undefined when there is none. */
async function settled(id: string, context: ResourceContext): Promise<Stack | undefined> {
  const { stack } = await waitFor(context, `Nested stack '${id}'`, async () => {
    const found = await describe(id, context);
    return found?.StackStatus.endsWith("_IN_PROGRESS") ? undefined : { stack: found };
  });
  return stack;
}

/** What the stack in which it is nested hands on: capabilities, tags, and whether failures roll back. */
function input(properties: Properties, context: ResourceContext): object {
  const parent = new StackStore(context).stack(context.caller.region, context.stackId);
  return {
    TemplateURL: text(properties, "TemplateURL"),
    Parameters: Object.entries(object(properties, "Parameters")).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: String(value),
    })),
    NotificationARNs: texts(properties, "NotificationARNs"),
    Tags: tagList(properties, context).filter(({ Key }) => !Key.startsWith("aws:")),
    Capabilities: parent?.deployment?.capabilities ?? [],
    DisableRollback: parent?.operation?.onFailure === "DO_NOTHING",
  };
}

/** Written down with the stack, as DescribeStacks tells it: ParentId and RootId. */
function adopt(stackId: string, context: ResourceContext): void {
  const store = new StackStore(context);
  const { region } = context.caller;
  const rootId = store.stack(region, context.stackId)?.rootId ?? context.stackId;
  store.changeStack(region, stackId, (stack) => {
    stack.parentId = context.stackId;
    stack.rootId = rootId;
  });
}

function provisioned(stack: Stack): ProvisionedResource {
  return {
    physicalId: stack.StackId,
    attributes: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
        `Outputs.${OutputKey}`,
        OutputValue,
      ]),
    ),
  };
}

/** Why a stack is as it is: the reason of what failed first, which its last state no longer tells. */
function failure(stackId: string, context: ResourceContext): string {
  const store = new StackStore(context);
  const { region } = context.caller;
  const stack = store.stack(region, stackId);
  const events = stack ? store.events(region, stack) : [];
  const failed = events.find(
    ({ physicalId, reason, status }) =>
      physicalId === stackId && reason !== undefined && /FAILED|ROLLBACK_IN_PROGRESS/.test(status),
  );
  return (failed?.reason ?? "").replace(/\s*(Rollback|Delete) requested by user\.$/, "").trim();
}

async function create(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const StackName = context.generateName(nameLength);
  const TimeoutInMinutes = number(properties, "TimeoutInMinutes");
  await createNamed(context, StackName, taken, () =>
    call(context, "CreateStack", {
      StackName,
      ...input(properties, context),
      ...(TimeoutInMinutes === undefined ? {} : { TimeoutInMinutes }),
    }),
  );
  const made = await describe(StackName, context);
  if (!made) throw new Error(`Nested stack ${StackName} vanished`);
  adopt(made.StackId, context);
  context.initiated?.(made.StackId);
  const stack = await settled(made.StackId, context);
  if (stack?.StackStatus === "CREATE_COMPLETE") return provisioned(stack);
  throw new ServiceError(
    "NotStabilized",
    `Embedded stack ${made.StackId} was not successfully created: ${failure(made.StackId, context)}`,
  );
}

async function update(
  stackId: string,
  properties: Properties,
  _previous: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  // Its last update may have been cut off with that of the stack around it.
  await settled(stackId, context);
  try {
    await call(context, "UpdateStack", { StackName: stackId, ...input(properties, context) });
  } catch (error) {
    const isSame = hasCode(error, ["ValidationError"]) && String(error).includes("No updates are");
    if (!isSame) throw error;
    const stack = await describe(stackId, context);
    if (stack) return provisioned(stack);
  }
  const stack = await settled(stackId, context);
  if (stack?.StackStatus === "UPDATE_COMPLETE") return provisioned(stack);
  throw new ServiceError(
    "NotStabilized",
    `Embedded stack ${stackId} was not successfully updated. Currently in ${stack?.StackStatus} with reason: ${failure(stackId, context)}`,
  );
}

async function remove(
  stackId: string,
  _properties: Properties,
  context: ResourceContext,
): Promise<void> {
  const before = await describe(stackId, context);
  // A stack that is being made can be deleted, one that is being changed only afterwards.
  if (before?.StackStatus !== "CREATE_IN_PROGRESS") await settled(stackId, context);
  await call(context, "DeleteStack", { StackName: stackId });
  const stack = await settled(stackId, context);
  if (stack === undefined || stack.StackStatus === "DELETE_COMPLETE") return;
  throw new ServiceError(
    "NotStabilized",
    `Embedded stack ${stackId} was not successfully deleted: ${failure(stackId, context)}`,
  );
}

export const nestedStack: ResourceType = {
  type,
  alwaysUpdates: true,
  create,
  update,
  delete: remove,
};
