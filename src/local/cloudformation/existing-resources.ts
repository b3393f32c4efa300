import type { CallContext } from "../service.ts";
import { readLive } from "./drift/detect.ts";
import type { EngineParts } from "./engine/run.ts";
import { importIdentifier, ownedByStack } from "./import.ts";
import type { Plan } from "./plan.ts";
import { policyText } from "./stack-model.ts";
import type { StackModel } from "./stack-model.ts";
import { isUnknown } from "./template/special-values.ts";

/** What a change set with `ImportExistingResources` takes instead of making it, or why it can not. */
export type Existing = { readonly plan: Plan } | { readonly failure: string };

interface Found {
  readonly logicalId: string;
  readonly type: string;
  readonly property: string;
  readonly name: string;
}

/**
 * Additions that are there under their name already become imports. The name may be computed, as long as its value is
 * known: the CDK's bootstrap, whose bucket is named by Fn::If and Fn::Sub, imports it so (observed: output of
 * `cdk bootstrap` with the events of an import), although the user guide, "Import AWS resources into a CloudFormation
 * stack automatically", says that only literal names count.
 */
export async function importExisting(
  parts: EngineParts,
  plan: Plan,
  model: StackModel,
  caller: CallContext,
): Promise<Existing> {
  const found = await findExisting(parts, plan, caller);
  const unkept = found.filter(({ logicalId }) => !isKept(model, logicalId));
  if (unkept.length > 0) return { failure: notKept(unkept) };
  for (const { type, name } of found) {
    const failure = ownedByStack(parts, type, name, caller);
    if (failure !== undefined) return { failure };
  }
  const names = new Map(found.map(({ logicalId, name }) => [logicalId, name]));
  const changes = plan.changes.map((change) => {
    const physicalId = names.get(change.logicalId);
    return physicalId === undefined ? change : { ...change, action: "Import" as const, physicalId };
  });
  return { plan: { ...plan, changes } };
}

async function findExisting(
  parts: EngineParts,
  plan: Plan,
  caller: CallContext,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { action, logicalId, type, physicalId } of plan.changes) {
    const property = importIdentifier(type);
    const properties = plan.properties.get(logicalId);
    // What a failed creation has left is the stack's own.
    if (action !== "Add" || physicalId !== undefined || !properties || property === undefined)
      continue;
    const name = properties[property];
    if (typeof name !== "string" || isUnknown(name)) continue;
    const live = await readLive(parts, { type, physicalId: name, properties }, caller);
    if (live !== undefined) found.push({ logicalId, type, property, name });
  }
  return found;
}

function isKept({ resources }: StackModel, logicalId: string): boolean {
  return policyText(resources.get(logicalId)?.DeletionPolicy)?.startsWith("Retain") ?? false;
}

/** Observed: aws/aws-cdk-cli, stack-diagnoser.ts, which reads it. */
function notKept(found: readonly Found[]): string {
  const which = found.map(
    ({ logicalId, property, name }) => `${logicalId} ({${property}=${name}})`,
  );
  return `CloudFormation is attempting to import some resources because they already exist in your account. The resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' in the template for successful import. The affected resources are ${which.join(", ")}`;
}
