import { recreation } from "./change-set-record.ts";
import type { ChangeDetail, ResourceChangeRecord } from "./change-set-record.ts";
import { propertyChanges, replacementOf, sameValue } from "./property-changes.ts";
import type { PropertyChange } from "./property-changes.ts";
import type { ResourceData } from "./resource-data.ts";
import type { ParameterValue } from "./template/parameters.ts";
import { maskSecrets } from "./template/parameters.ts";
import { references } from "./template/references.ts";
import type { Scope } from "./template/evaluate.ts";
import { evaluate, knownAfterApply } from "./template/evaluate.ts";
import { policyText, resourceScope } from "./stack-model.ts";
import type { StackModel } from "./stack-model.ts";
import type { Deployment, OutputRecord, ResourceRecord } from "./stack-record.ts";
import { isObject } from "./template/template.ts";
import type { TemplateResource } from "./template/template.ts";

export interface PlanInput {
  readonly model: StackModel;
  readonly data: ReadonlyMap<string, ResourceData>;
  readonly existing: Readonly<Record<string, ResourceRecord>>;
  readonly outputs: readonly OutputRecord[];
  readonly previous: Deployment | undefined;
  readonly zones: readonly string[];
  readonly imported: (name: string) => string;
}

export interface Plan {
  readonly changes: readonly ResourceChangeRecord[];
  /** Properties as far as they are known, by logical id. */
  readonly properties: ReadonlyMap<string, Record<string, unknown>>;
  readonly outputsChange: boolean;
}

function isGone(record: ResourceRecord | undefined): boolean {
  return (
    record === undefined ||
    ["DELETE_COMPLETE", "DELETE_SKIPPED", "CREATE_FAILED"].includes(record.status)
  );
}

/** What executing a deployment would do, without doing it. */
export function planChanges(input: PlanInput): Plan {
  const { model, existing } = input;
  const unknown = new Set<string>();
  const scope = resourceScope(model, {
    resource: (logicalId) => existing[logicalId],
    isUnknown: (logicalId) => unknown.has(logicalId),
    zones: input.zones,
    imported: input.imported,
  });
  const properties = new Map<string, Record<string, unknown>>();
  const changes: ResourceChangeRecord[] = [];
  for (const logicalId of inOrder(model.needs)) {
    const resource = model.resources.get(logicalId);
    if (!resource) continue;
    const record = existing[logicalId];
    if (!record || isGone(record)) unknown.add(logicalId);
    const next = computed(resource, scope);
    properties.set(logicalId, next);
    const change =
      !record || isGone(record)
        ? addition(input, logicalId, resource, next)
        : modification(input, record, resource, next, unknown);
    if (!change) continue;
    changes.push(change);
    if (change.replacement === "True" || change.replacement === "Conditional")
      unknown.add(logicalId);
  }
  return {
    changes: [...templateOrder(model, changes), ...removals(input)],
    properties,
    outputsChange: outputsChange(input, scope),
  };
}

function inOrder(needs: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const order = new Set<string>();
  const add = (id: string): void => {
    if (order.has(id)) return;
    for (const need of needs.get(id) ?? []) add(need);
    order.add(id);
  };
  for (const id of needs.keys()) add(id);
  return [...order];
}

function templateOrder(
  model: StackModel,
  changes: readonly ResourceChangeRecord[],
): ResourceChangeRecord[] {
  const position = new Map([...model.resources.keys()].map((id, index) => [id, index]));
  return changes.toSorted(
    (left, right) => (position.get(left.logicalId) ?? 0) - (position.get(right.logicalId) ?? 0),
  );
}

function computed(resource: TemplateResource, scope: Scope): Record<string, unknown> {
  const value = evaluate(resource.Properties ?? {}, scope);
  return isObject(value) ? value : {};
}

function contextText(
  parameters: readonly ParameterValue[],
  properties: Readonly<Record<string, unknown>>,
  metadata: Readonly<Record<string, unknown>> | undefined,
): string {
  return maskSecrets(
    JSON.stringify({ Properties: properties, ...(metadata ? { Metadata: metadata } : {}) }),
    parameters,
  );
}

function addition(
  input: PlanInput,
  logicalId: string,
  resource: TemplateResource,
  properties: Record<string, unknown>,
): ResourceChangeRecord {
  return {
    action: "Add",
    logicalId,
    type: resource.Type,
    scope: [],
    details: [],
    afterContext: contextText(input.model.deployment.parameters, properties, resource.Metadata),
  };
}

function modification(
  input: PlanInput,
  record: ResourceRecord,
  resource: TemplateResource,
  next: Record<string, unknown>,
  unknown: ReadonlySet<string>,
): ResourceChangeRecord | undefined {
  const data = input.data.get(record.type);
  const changes = propertyChanges(data, record.properties, next);
  const details = [
    ...changes.flatMap((change) => propertyDetails(input, resource, change, unknown)),
    ...attributeDetails(input, record, resource, data),
  ];
  if (details.length === 0) return undefined;
  const certain = changes.filter((change) => !isUnknown(change.after));
  const replacement =
    replacementOf(certain) === "yes"
      ? "True"
      : replacementOf(changes) === "no"
        ? "False"
        : "Conditional";
  const retained = policyText(resource.UpdateReplacePolicy)?.startsWith("Retain");
  return {
    action: "Modify",
    logicalId: record.logicalId,
    physicalId: record.physicalId,
    type: record.type,
    replacement,
    policyAction:
      replacement === "True" ? (retained ? "ReplaceAndRetain" : "ReplaceAndDelete") : undefined,
    scope: [...new Set(details.map(({ attribute }) => attribute))],
    details,
    beforeContext: contextText(
      input.previous?.parameters ?? [],
      record.properties,
      record.metadata,
    ),
    afterContext: contextText(input.model.deployment.parameters, next, resource.Metadata),
  };
}

function isUnknown(value: unknown): boolean {
  return JSON.stringify(value ?? "").includes(knownAfterApply);
}

function valueText(value: unknown, parameters: readonly ParameterValue[]): string | undefined {
  if (value === undefined) return undefined;
  return maskSecrets(typeof value === "string" ? value : JSON.stringify(value), parameters);
}

function changeType(before: unknown, after: unknown): ChangeDetail["changeType"] {
  if (before === undefined) return "Add";
  return after === undefined ? "Remove" : "Modify";
}

/** One detail for each reason of the change: a changed parameter, another resource, or the template itself. */
function propertyDetails(
  input: PlanInput,
  resource: TemplateResource,
  change: PropertyChange,
  unknown: ReadonlySet<string>,
): ChangeDetail[] {
  const common = {
    attribute: "Properties",
    name: change.name,
    path: change.path,
    requiresRecreation: recreation[change.replacement],
    beforeValue: valueText(change.before, input.previous?.parameters ?? []),
    afterValue: valueText(change.after, input.model.deployment.parameters),
    changeType: changeType(change.before, change.after),
  } as const;
  const causes = references(resource.Properties?.[change.name], input.model.condition);
  const changedParameters = causes.filter(({ name }) => parameterChanged(input, name));
  const changedResources = isUnknown(change.after)
    ? causes.filter(({ name }) => unknown.has(name))
    : [];
  const details: ChangeDetail[] = [
    ...changedParameters.map(({ name }): ChangeDetail => ({
      ...common,
      evaluation: "Static",
      changeSource: "ParameterReference",
      causingEntity: name,
    })),
    ...changedResources.map(({ name, attribute }): ChangeDetail => ({
      ...common,
      evaluation: "Dynamic",
      changeSource: attribute === undefined ? "ResourceReference" : "ResourceAttribute",
      causingEntity: attribute === undefined ? name : `${name}.${attribute}`,
    })),
  ];
  if (details.length > 0) return details;
  return [{ ...common, evaluation: "Static", changeSource: "DirectModification" }];
}

function parameterChanged(input: PlanInput, name: string): boolean {
  const find = (deployment: Deployment | undefined) =>
    deployment?.parameters.find(({ key }) => key === name);
  const [before, after] = [find(input.previous), find(input.model.deployment)];
  return (
    after !== undefined && (before?.resolved ?? before?.value) !== (after.resolved ?? after.value)
  );
}

/** Changes of what CloudFormation itself keeps about a resource, and of the stack's tags on it. */
function attributeDetails(
  input: PlanInput,
  record: ResourceRecord,
  resource: TemplateResource,
  data: ResourceData | undefined,
): ChangeDetail[] {
  const pairs: readonly (readonly [ChangeDetail["attribute"], unknown, unknown])[] = [
    ["Metadata", record.metadata, resource.Metadata],
    ["DeletionPolicy", record.deletionPolicy, policyText(resource.DeletionPolicy)],
    ["UpdateReplacePolicy", record.updateReplacePolicy, policyText(resource.UpdateReplacePolicy)],
    ...(data?.tagProperty === undefined
      ? []
      : [["Tags", tagMap(record.stackTags), tagMap(input.model.deployment.tags)] as const]),
  ];
  return pairs
    .filter(([, before, after]) => !sameValue(before, after))
    .map(([attribute, before, after]) => ({
      attribute,
      requiresRecreation: "Never",
      beforeValue: valueText(before, []),
      afterValue: valueText(after, []),
      changeType: changeType(before, after),
      evaluation: "Static",
      changeSource: "DirectModification",
    }));
}

function tagMap(tags: Deployment["tags"]): Record<string, string> | undefined {
  return tags.length === 0
    ? undefined
    : Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

function removals({ model, existing, previous }: PlanInput): ResourceChangeRecord[] {
  return Object.values(existing)
    .filter(
      (record) =>
        !model.resources.has(record.logicalId) &&
        !["DELETE_COMPLETE", "DELETE_SKIPPED"].includes(record.status),
    )
    .map((record) => ({
      action: "Remove",
      logicalId: record.logicalId,
      physicalId: record.physicalId,
      type: record.type,
      policyAction: record.deletionPolicy?.startsWith("Retain") ? "Retain" : "Delete",
      scope: [],
      details: [],
      beforeContext: contextText(previous?.parameters ?? [], record.properties, record.metadata),
    }));
}

function outputsChange({ model, outputs }: PlanInput, scope: Scope): boolean {
  const before = new Map(outputs.map((output) => [output.key, output]));
  const active = Object.entries(model.template.Outputs).filter(
    ([, output]) => output.Condition === undefined || model.condition(output.Condition),
  );
  if (active.length !== before.size) return true;
  return active.some(([key, output]) => {
    const old = before.get(key);
    const exportName = output.Export && evaluate(output.Export.Name, scope);
    return (
      old?.value !== String(evaluate(output.Value, scope)) ||
      old.description !== output.Description ||
      !sameValue(old.exportName, exportName)
    );
  });
}
