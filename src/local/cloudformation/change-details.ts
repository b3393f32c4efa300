import { recreation } from "./change-set-record.ts";
import type { ChangeDetail } from "./change-set-record.ts";
import { sameValue } from "./property-changes.ts";
import type { PropertyChange } from "./property-changes.ts";
import type { ResourceData } from "./resource-data.ts";
import { policyText } from "./stack-model.ts";
import type { StackModel } from "./stack-model.ts";
import type { Deployment, ResourceRecord } from "./stack-record.ts";
import { knownAfterApply } from "./template/special-values.ts";
import { maskSecrets } from "./template/parameters.ts";
import type { ParameterValue } from "./template/parameters.ts";
import { references } from "./template/references.ts";
import type { Reference } from "./template/references.ts";
import type { TemplateResource } from "./template/template.ts";

/** What the reasons of a change are looked up in. */
export interface DetailInput {
  readonly model: StackModel;
  readonly previous: Deployment | undefined;
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

/**
 * One detail for each reason of a certain change: a parameter, a replaced resource, the template itself.
 * As CloudFormation lists them (observed, localstack/localstack test_change_set_fn_get_attr.snapshot.json
 * and test_change_set_ref.snapshot.json): a named cause is a Static detail, and beside it a Dynamic one
 * says that the value changes; for replaced resources that one is shown with property values only.
 */
export function propertyDetails(
  input: DetailInput,
  resource: TemplateResource,
  change: PropertyChange,
  replaced: ReadonlyMap<string, "True" | "Conditional">,
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
  const parameters = causes
    .filter(({ name }) => parameterChanged(input, name))
    .map(({ name }): ChangeDetail => ({
      ...common,
      evaluation: "Static",
      changeSource: "ParameterReference",
      causingEntity: name,
    }));
  const resources = isUnknown(change.after) ? replacedCauses(causes, replaced, common) : [];
  const isNamed = parameters.length > 0 || resources.length > 0;
  const direct: ChangeDetail = {
    ...common,
    evaluation: isNamed || isUnknown(change.after) ? "Dynamic" : "Static",
    changeSource: "DirectModification",
    view: isNamed && parameters.length === 0 ? "values" : undefined,
  };
  return [direct, ...parameters, ...resources];
}

type Common = Omit<ChangeDetail, "evaluation" | "changeSource" | "causingEntity">;

/** It is certain that references to a replaced resource change; where the replacement depends, so do they. */
function replacedCauses(
  causes: readonly Reference[],
  replaced: ReadonlyMap<string, "True" | "Conditional">,
  common: Common,
): ChangeDetail[] {
  return causes
    .filter(({ name }) => replaced.has(name))
    .map((cause) => ({
      ...common,
      evaluation: replaced.get(cause.name) === "True" ? "Static" : "Dynamic",
      changeSource: cause.attribute === undefined ? "ResourceReference" : "ResourceAttribute",
      causingEntity: causeText(cause),
    }));
}

function causeText({ name, attribute }: Reference): string {
  return attribute === undefined ? name : `${name}.${attribute}`;
}

/**
 * Attributes of resources that are changed in place may change with them. CloudFormation lists who
 * uses them as Dynamic changes, and leaves them out where values are asked for.
 */
export function possibleDetails(
  input: DetailInput,
  resource: TemplateResource,
  data: ResourceData | undefined,
  certain: ReadonlySet<string>,
  changed: ReadonlySet<string>,
): ChangeDetail[] {
  return Object.entries(resource.Properties ?? {})
    .filter(([name]) => !certain.has(name))
    .flatMap(([name, value]) => {
      const causes = references(value, input.model.condition).filter(
        (cause) => cause.attribute !== undefined && changed.has(cause.name),
      );
      const entities = [...new Set(causes.map(causeText))];
      return entities.map((causingEntity): ChangeDetail => ({
        attribute: "Properties",
        name,
        requiresRecreation: recreation[data?.properties[name]?.replacement ?? "no"],
        changeType: "Modify",
        evaluation: "Dynamic",
        changeSource: "ResourceAttribute",
        causingEntity,
        view: "plain",
      }));
    });
}

/** User guide, "ResourceChange": True needs a Static cause, a Dynamic one makes the replacement Conditional. */
export function replacementText(
  details: readonly ChangeDetail[],
): "True" | "False" | "Conditional" {
  const isCertain = ({ name, path, requiresRecreation, evaluation }: ChangeDetail): boolean =>
    requiresRecreation === "Always" &&
    (evaluation === "Static" ||
      details.some(
        (other) => other.name === name && other.path === path && other.evaluation === "Static",
      ));
  if (details.some(isCertain)) return "True";
  return details.some(({ requiresRecreation }) => requiresRecreation !== "Never")
    ? "Conditional"
    : "False";
}

function parameterChanged(input: DetailInput, name: string): boolean {
  const find = (deployment: Deployment | undefined) =>
    deployment?.parameters.find(({ key }) => key === name);
  const [before, after] = [find(input.previous), find(input.model.deployment)];
  return (
    after !== undefined && (before?.resolved ?? before?.value) !== (after.resolved ?? after.value)
  );
}

/** Changes of what CloudFormation itself keeps about a resource, and of the stack's tags on it. */
export function attributeDetails(
  input: DetailInput,
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
