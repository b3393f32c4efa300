import { isRecord } from "../../../is-record.ts";
import { references } from "./references.ts";
import type { Reference } from "./references.ts";
import { validationError } from "./template.ts";
import type { Template } from "./template.ts";

/** Template reference, "Pseudo parameters". */
const pseudoParameters = new Set([
  "AWS::AccountId",
  "AWS::NotificationARNs",
  "AWS::NoValue",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
]);

/** Refuses names that the template does not have, also in branches and resources that no condition chooses. */
export function checkReferences(template: Template): void {
  const members = Object.values(template.Resources);
  checkBlock(template, "Resources", [
    ...references(
      members.map(({ Properties }) => Properties),
      "both",
    ),
    ...members.flatMap(({ DependsOn }) => [DependsOn ?? []].flat().map(asReference)),
  ]);
  const outputs = Object.values(template.Outputs);
  const values = outputs.map(({ Value, Export }) => [Value, Export]);
  checkBlock(template, "Outputs", references(values, "both"));
  checkConditionNames(template, [members.map(({ Properties }) => Properties), values]);
}

function asReference(name: string): Reference & { readonly resourceOnly: true } {
  return { name, by: "Ref", resourceOnly: true };
}

type Used = Reference & { readonly resourceOnly?: true };

function checkBlock(template: Template, block: string, used: readonly Used[]): void {
  const isParameter = (name: string): boolean =>
    Object.hasOwn(template.Parameters, name) || pseudoParameters.has(name);
  const unknown = used.filter(
    ({ name, attribute, resourceOnly }) =>
      !Object.hasOwn(template.Resources, name) &&
      (attribute !== undefined || resourceOnly || !isParameter(name)),
  );
  const names = unknown.filter(({ attribute }) => attribute === undefined).map(({ name }) => name);
  if (names.length > 0) throw unresolvedDependencies(names, block);
  const [first] = unknown;
  if (!first) return;
  throw validationError(
    first.by === "Fn::GetAtt"
      ? `Template error: instance of Fn::GetAtt references undefined resource ${first.name}`
      : `Template error: instance of Fn::Sub references invalid resource attribute ${first.name}.${first.attribute}`,
  );
}

export function unresolvedDependencies(names: readonly string[], block: string): Error {
  return validationError(
    `Template format error: Unresolved resource dependencies [${[...new Set(names)].join(", ")}] in the ${block} block of the template`,
  );
}

function checkConditionNames(template: Template, values: unknown): void {
  for (const block of ["Resources", "Outputs"] as const) {
    const name = Object.values(template[block])
      .map(({ Condition }) => Condition)
      .find(
        (condition) => condition !== undefined && !Object.hasOwn(template.Conditions, condition),
      );
    if (name !== undefined) {
      throw validationError(
        `Template format error: Unresolved condition dependency ${name} in the ${block} block of the template`,
      );
    }
  }
  for (const name of conditionsOfIfs(values)) {
    if (!Object.hasOwn(template.Conditions, name)) {
      // Observed: localstack/localstack test_change_set_conditions.snapshot.json.
      throw validationError(`Template error: unresolved condition dependency ${name} in Fn::If`);
    }
  }
}

function conditionsOfIfs(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(conditionsOfIfs);
  if (!isRecord(value)) return [];
  const argument = value["Fn::If"];
  const name: unknown = Array.isArray(argument) ? argument[0] : undefined;
  const own = typeof name === "string" && Object.keys(value).length === 1 ? [name] : [];
  return [...own, ...Object.values(value).flatMap(conditionsOfIfs)];
}
