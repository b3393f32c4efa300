import { isRecord } from "../../is-record.ts";
import {
  attributeDetails,
  possibleDetails,
  propertyDetails,
  replacementText,
} from "./change-details.ts";
import type { ChangeDetail, ResourceChangeRecord } from "./change-set-record.ts";
import { propertyChanges, sameValue } from "./property-changes.ts";
import type { ResourceData } from "./resource-data.ts";
import type { ParameterValue } from "./template/parameters.ts";
import { maskSecrets } from "./template/parameters.ts";
import type { Scope } from "./template/evaluate.ts";
import { evaluate } from "./template/evaluate.ts";
import { knownAfterApply } from "./template/special-values.ts";
import { policyText, resourceScope } from "./stack-model.ts";
import type { StackModel } from "./stack-model.ts";
import { stackType } from "./stack-record.ts";
import type { Deployment, OutputRecord, ResourceRecord } from "./stack-record.ts";
import type { TemplateResource } from "./template/template.ts";
import { own } from "../own.ts";

export interface PlanInput {
  readonly model: StackModel;
  readonly data: ReadonlyMap<string, ResourceData>;
  readonly existing: Readonly<Record<string, ResourceRecord>>;
  readonly outputs: readonly OutputRecord[];
  readonly previous: Deployment | undefined;
  readonly zones: readonly string[];
  /** Value of an export; undefined where no stack exports the name (yet). */
  readonly imported: (name: string) => string | undefined;
}

export interface Plan {
  readonly changes: readonly ResourceChangeRecord[];
  /** Properties as far as they are known, by logical id. */
  readonly properties: ReadonlyMap<string, Record<string, unknown>>;
  readonly outputsChange: boolean;
  /** Exports that do not exist, by the resource that uses them; the deployment would fail. */
  readonly missingExports: ReadonlyMap<string, string>;
}

function isGone(record: ResourceRecord | undefined): boolean {
  return (
    record === undefined ||
    ["DELETE_COMPLETE", "DELETE_SKIPPED", "CREATE_FAILED", "IMPORT_FAILED"].includes(record.status)
  );
}

/** What executing a deployment would do, without doing it. */
export function planChanges(input: PlanInput): Plan {
  const { model, existing } = input;
  const unknown = new Set<string>();
  const replaced = new Map<string, "True" | "Conditional">();
  const changed = new Set<string>();
  const missingExports = new Map<string, string>();
  let current = "";
  const scope = resourceScope(model, {
    resource: (logicalId) => own(existing, logicalId),
    isUnknown: (logicalId) => unknown.has(logicalId),
    zones: input.zones,
    imported: (name) => {
      const value = input.imported(name);
      if (value === undefined) missingExports.set(current, name);
      return value ?? knownAfterApply;
    },
  });
  const properties = new Map<string, Record<string, unknown>>();
  const changes: ResourceChangeRecord[] = [];
  for (const logicalId of inOrder(model.needs)) {
    const resource = model.resources.get(logicalId);
    if (!resource) continue;
    const record = own(existing, logicalId);
    if (!record || isGone(record)) unknown.add(logicalId);
    current = logicalId;
    const next = computed(resource, scope);
    properties.set(logicalId, next);
    const change =
      !record || isGone(record)
        ? addition(input, logicalId, resource, next)
        : modification(input, record, resource, next, { unknown, replaced, changed });
    if (!change) continue;
    changes.push(change);
    if (change.action !== "Modify") continue;
    if (change.scope.includes("Properties")) changed.add(logicalId);
    if (change.replacement === "True" || change.replacement === "Conditional") {
      unknown.add(logicalId);
      replaced.set(logicalId, change.replacement);
    }
  }
  return {
    changes: [...templateOrder(model, changes), ...removals(input)],
    properties,
    outputsChange: outputsChange(input, scope),
    missingExports,
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
  return isRecord(value) ? value : {};
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
    // What a failed creation has left is this resource's own.
    physicalId: leftOver(own(input.existing, logicalId)),
    type: resource.Type,
    scope: [],
    details: [],
    afterContext: contextText(input.model.deployment.parameters, properties, resource.Metadata),
  };
}

function leftOver(record: ResourceRecord | undefined): string | undefined {
  return record?.status === "CREATE_FAILED" ? record.physicalId : undefined;
}

/** "If you made no changes to the AWS::CloudFormation::Stack resource […] the nested stack's template might have changed" (API reference, ResourceChangeDetail, ChangeSource). */
const automatic: ChangeDetail = {
  attribute: "Properties",
  requiresRecreation: "Never",
  changeType: "Modify",
  evaluation: "Dynamic",
  changeSource: "Automatic",
};

interface Known {
  /** What `Ref` gives is not known yet: made or replaced. */
  readonly unknown: ReadonlySet<string>;
  /** Why references to a resource change: it is replaced for certain, or perhaps. */
  readonly replaced: ReadonlyMap<string, "True" | "Conditional">;
  /** Changed in place: their attributes may change. */
  readonly changed: ReadonlySet<string>;
}

function modification(
  input: PlanInput,
  record: ResourceRecord,
  resource: TemplateResource,
  next: Record<string, unknown>,
  known: Known,
): ResourceChangeRecord | undefined {
  const data = input.data.get(record.type);
  const changes = propertyChanges(data, record.properties, next);
  const certain = [
    ...changes.flatMap((change) => propertyDetails(input, resource, change, known.replaced)),
    ...attributeDetails(input, record, resource, data),
    ...(record.type === stackType && changes.length === 0 ? [automatic] : []),
  ];
  const changedNames = new Set(changes.map(({ name }) => name));
  const possible = possibleDetails(input, resource, data, changedNames, known.changed);
  if (certain.length === 0 && possible.length === 0) return undefined;
  const replacement = replacementText(certain);
  const retained = policyText(resource.UpdateReplacePolicy)?.startsWith("Retain");
  return {
    action: "Modify",
    logicalId: record.logicalId,
    physicalId: record.physicalId,
    type: record.type,
    replacement,
    replacementIfPossible: replacementText([...certain, ...possible]),
    onlyPossible: certain.length === 0 ? true : undefined,
    policyAction:
      replacement === "True" ? (retained ? "ReplaceAndRetain" : "ReplaceAndDelete") : undefined,
    scope: [...new Set([...certain, ...possible].map(({ attribute }) => attribute))],
    details: [...certain, ...possible],
    beforeContext: contextText(
      input.previous?.parameters ?? [],
      record.properties,
      record.metadata,
    ),
    afterContext: contextText(input.model.deployment.parameters, next, resource.Metadata),
  };
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
  // All are computed in any case: errors in them are told before anything is made.
  const differ = active.map(([key, output]) => {
    const old = before.get(key);
    const exportName = output.Export && evaluate(output.Export.Name, scope);
    return (
      old?.value !== String(evaluate(output.Value, scope)) ||
      old.description !== output.Description ||
      !sameValue(old.exportName, exportName)
    );
  });
  return active.length !== before.size || differ.includes(true);
}
