import type { CallContext } from "../service.ts";
import { readLive } from "./drift/detect.ts";
import type { EngineParts } from "./engine/run.ts";
import type { Plan } from "./plan.ts";
import type { Prepared } from "./prepare.ts";
import type { ResourceRecord } from "./stack-record.ts";
import { validationError } from "./template/template.ts";
import { own } from "../own.ts";

/**
 * Types that can be imported, with the property that identifies one: those whose physical id it is (`primaryIdentifier`
 * of the resource type schemas). AWS takes many more.
 */
const identifiers: Readonly<Record<string, string>> = {
  "AWS::ECR::Repository": "RepositoryName",
  "AWS::IAM::Role": "RoleName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::S3::Bucket": "BucketName",
  "AWS::SSM::Parameter": "Name",
};

/** The property that identifies a resource of a type that can be imported. */
export function importIdentifier(type: string): string | undefined {
  return own(identifiers, type);
}

/** A member of ResourcesToImport. */
export interface ResourceToImport {
  readonly ResourceType?: string | undefined;
  readonly LogicalResourceId?: string | undefined;
  readonly ResourceIdentifier?: Readonly<Record<string, string>> | undefined;
}

/** Observed: ministackorg/ministack, tests of import change sets, which were written against AWS. */
export function notFound(type: string, identifier: string): string {
  return `Resource of type '${type}' with identifier '${identifier}' was not found.`;
}

/** Refuses what cannot be imported at all; texts observed there, too. @returns physical ids by logical id */
export function checkedImports(
  wanted: readonly ResourceToImport[],
  { model }: Pick<Prepared, "model">,
): Record<string, string> {
  if (wanted.length === 0) throw validationError("Must Provide at least one resource to import");
  const ids = wanted.map(({ LogicalResourceId = "" }) => LogicalResourceId);
  if (new Set(ids).size < ids.length)
    throw validationError("Every resource to import must have unique LogicalResourceId");
  const missing = ids.filter((id) => !model.resources.has(id));
  if (missing.length > 0)
    throw validationError(
      `The logical resource ids [${missing.join(", ")}] provided in ResourceToImport do not exist in the template.`,
    );
  const found = wanted.map((one) => [one.LogicalResourceId ?? "", identified(one, model)] as const);
  const bare = ids.filter((id) => model.resources.get(id)?.DeletionPolicy === undefined);
  if (bare.length > 0)
    throw validationError(
      `The following resources to import [${bare.join(", ")}] must have DeletionPolicy attribute specified in the template.`,
    );
  return Object.fromEntries(found);
}

function identified(
  { ResourceType = "", LogicalResourceId = "", ResourceIdentifier = {} }: ResourceToImport,
  model: Prepared["model"],
): string {
  const name = identifiers[ResourceType];
  // Observed: pbudzon/aws-maintenance issue 16.
  if (name === undefined)
    throw validationError(
      `The following resource types are not supported for resource import: ${ResourceType}`,
    );
  const keys = Object.keys(ResourceIdentifier);
  const identifier = ResourceIdentifier[name];
  if (identifier === undefined || keys.length > 1)
    throw validationError(
      `Invalid resource identifier for resource type ${ResourceType}. Expected [${name}]`,
    );
  const declared = model.resources.get(LogicalResourceId)?.Type;
  if (declared !== ResourceType)
    throw validationError(
      `Resource type of [${LogicalResourceId}] passed in ResourceToImport does not match with resource type defined in the template. Resource type in ResourceToImport: ${ResourceType}; Resource type in Template: ${declared}.`,
    );
  return identifier;
}

/** An import changes nothing else. @returns the plan with what is added as what is imported */
export function importPlan(
  plan: Plan,
  imports: Readonly<Record<string, string>>,
  existing: Readonly<Record<string, ResourceRecord>>,
): Plan {
  const changes = plan.changes.filter(({ onlyPossible }) => !onlyPossible);
  const added = changes.filter(({ action }) => action === "Add").map(({ logicalId }) => logicalId);
  const known = Object.keys(imports).filter((id) => Object.hasOwn(existing, id));
  if (added.length === 0)
    throw validationError("The template should contain at least one new resource to import.");
  const unlisted = added.filter((id) => !Object.hasOwn(imports, id));
  if (known.length > 0)
    throw validationError(
      `Resources [${known.join(", ")}] passed in ResourceToImport are already in a stack and cannot be imported.`,
    );
  if (unlisted.length > 0)
    throw validationError(
      `Resources [${unlisted.join(", ")}] is missing from ResourceToImport list`,
    );
  const others = changes.flatMap(({ action, logicalId }) => (action === "Add" ? [] : [logicalId]));
  if (others.length > 0)
    throw validationError(
      `You have modified resources [${others.join(", ")}] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`,
    );
  // Observed: awslabs/aws-security-assessment-solution, "DeletionPolicy attribute causes errors".
  if (plan.outputsChange)
    throw validationError("As part of the import operation, you cannot modify or add [Outputs]");
  return {
    ...plan,
    changes: changes.map((change) => ({
      ...change,
      action: "Import" as const,
      physicalId: imports[change.logicalId],
      scope: [],
      details: [],
      beforeContext: undefined,
      afterContext: undefined,
    })),
  };
}

/** What makes the change set fail: a resource that is not there, or that a stack has. */
export async function importFailure(
  parts: EngineParts,
  plan: Pick<Plan, "changes" | "properties">,
  caller: CallContext,
): Promise<string | undefined> {
  for (const { logicalId, type, physicalId = "" } of plan.changes) {
    const properties = plan.properties.get(logicalId) ?? {};
    const live = await readLive(parts, { type, physicalId, properties }, caller);
    if (live === undefined) return notFound(type, physicalId);
    const refusal = ownedByStack(parts, type, physicalId, caller);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Why it cannot be imported, where a stack has it. */
export function ownedByStack(
  parts: Pick<EngineParts, "store">,
  type: string,
  physicalId: string,
  caller: CallContext,
): string | undefined {
  const owner = ownerOf(parts, type, physicalId, caller);
  return owner === undefined ? undefined : `${physicalId} already exists in stack ${owner}`;
}

function ownerOf(
  { store }: Pick<EngineParts, "store">,
  type: string,
  physicalId: string,
  { region }: CallContext,
): string | undefined {
  const owner = store.stacks(region).find(({ stackId, status }) => {
    if (status === "DELETE_COMPLETE") return false;
    return Object.values(store.resources(region, stackId)).some(
      (other) =>
        other.type === type &&
        other.physicalId === physicalId &&
        !/^DELETE_(COMPLETE|SKIPPED)$/.test(other.status),
    );
  });
  return owner?.stackId;
}
