import { randomUUID } from "node:crypto";
import type { CallContext } from "../../service.ts";
import { planChanges } from "../../cloudformation/plan.ts";
import type { Plan } from "../../cloudformation/plan.ts";
import { checkTypesKept } from "../../cloudformation/prepare.ts";
import type { DeployRequest, Prepared } from "../../cloudformation/prepare.ts";
import { findExport } from "../../cloudformation/stack-model.ts";
import type { OperationRecord, StackRecord, Tag } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import type { ServiceParts } from "./service-parts.ts";
import { readTemplate } from "./template-source.ts";

type RequestTags = readonly {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}[];

export interface DeployInput {
  readonly Parameters?: DeployRequest["parameters"] | undefined;
  readonly Tags?: RequestTags | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly NotificationARNs?: readonly string[] | undefined;
  readonly RoleARN?: string | undefined;
}

/** What a request leaves out stays as it was. */
export function deployRequest(
  input: DeployInput,
  body: string,
  stack?: StackRecord,
): Omit<DeployRequest, "forChangeSet"> {
  const before = stack?.deployment;
  return {
    body,
    parameters: input.Parameters ?? [],
    tags: input.Tags === undefined ? (before?.tags ?? []) : checkedTags(input.Tags),
    capabilities: input.Capabilities ?? [],
    notificationArns: input.NotificationARNs ?? before?.notificationArns ?? [],
    roleArn: input.RoleARN ?? before?.roleArn,
  };
}

function checkedTags(tags: RequestTags): Tag[] {
  // CloudFormation API reference, Tag: at most 50, keys must not begin with aws:.
  if (tags.length > 50) throw validationError("Tags cannot contain more than 50 tags");
  return tags.map(({ Key = "", Value = "" }) => {
    if (Key.startsWith("aws:")) throw validationError(`Tag keys cannot begin with aws: [${Key}]`);
    return { Key, Value };
  });
}

export function newStack(
  parts: ServiceParts,
  context: CallContext,
  stackName: string,
): StackRecord {
  const constraint = !/^[a-zA-Z][-a-zA-Z0-9]*$/.test(stackName)
    ? "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*"
    : stackName.length > 128
      ? "Member must have length less than or equal to 128"
      : undefined;
  if (constraint !== undefined) {
    throw validationError(
      `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: ${constraint}`,
    );
  }
  const now = parts.context.clock.now();
  return {
    stackId: `arn:aws:cloudformation:${context.region}:${context.accountId}:stack/${stackName}/${randomUUID()}`,
    stackName,
    createdAt: now.toISOString(),
    status: "REVIEW_IN_PROGRESS",
    disableRollback: false,
    terminationProtection: false,
    outputs: [],
    imports: [],
    operations: [],
    tokens: {},
    eventCount: 0,
    lastEventAt: now.getTime(),
  };
}

export function identityOf(parts: ServiceParts, context: CallContext, stack: StackRecord) {
  return {
    stackId: stack.stackId,
    stackName: stack.stackName,
    region: context.region,
    accountId: parts.context.accountId,
  };
}

export function planFor(
  parts: ServiceParts,
  context: CallContext,
  stack: StackRecord,
  prepared: Prepared,
): Plan {
  const existing = parts.store.resources(context.region, stack.stackId);
  checkTypesKept(prepared.model, existing);
  return planChanges({
    ...prepared,
    existing,
    outputs: stack.outputs,
    previous: stack.deployment,
    imported: (name) => findExport(parts.store.stacks(context.region), name),
  });
}

/** States in which a stack takes an update (user guide, "Understand CloudFormation stack creation events"). */
const updatable = new Set([
  "CREATE_COMPLETE",
  "CREATE_FAILED",
  "UPDATE_COMPLETE",
  "UPDATE_FAILED",
  "UPDATE_ROLLBACK_COMPLETE",
  "IMPORT_COMPLETE",
  "IMPORT_ROLLBACK_COMPLETE",
]);

export function checkUpdatable(stack: StackRecord): void {
  if (updatable.has(stack.status)) return;
  throw validationError(
    `Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`,
  );
}

/**
 * A stack that stopped where it failed goes on only with rollback disabled.
 * Text observed: aws/aws-cli issue 6368, ansible-collections/amazon.aws issue 1655.
 */
export function checkGoesOn(stack: StackRecord, disableRollback: boolean | undefined): void {
  if (disableRollback || !["CREATE_FAILED", "UPDATE_FAILED"].includes(stack.status)) return;
  throw validationError(
    `This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
  );
}

/** What an update would have to go back to: the last state in which the stack was stable. */
export function lastStable(stack: StackRecord): OperationRecord["previous"] {
  return stack.operation ? stack.operation.previous : stack.deployment;
}

export async function previousOrNewTemplate(
  parts: ServiceParts,
  input: {
    readonly UsePreviousTemplate?: boolean | undefined;
    readonly TemplateBody?: string | undefined;
    readonly TemplateURL?: string | undefined;
  },
  stack: StackRecord,
  context: CallContext,
): Promise<string> {
  if (input.UsePreviousTemplate && stack.deployment)
    return parts.store.template(context.region, stack.deployment.templateId);
  const body = await readTemplate(parts, input, context);
  if (body === undefined)
    throw validationError("Either Template URL or Template Body must be specified.");
  return body;
}
