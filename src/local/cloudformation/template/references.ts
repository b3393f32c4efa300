import { isObject, validationError } from "./template.ts";
import type { Template, TemplateResource } from "./template.ts";

/** Where a value takes another's: `Ref X` has no attribute, `Fn::GetAtt X.Y` has. */
export interface Reference {
  readonly name: string;
  readonly attribute?: string;
}

type ConditionValue = (name: string) => boolean;

/** Every reference in a value; of `Fn::If` only the branch that holds. */
export function references(value: unknown, condition: ConditionValue): Reference[] {
  if (Array.isArray(value)) return value.flatMap((item) => references(item, condition));
  if (!isObject(value)) return [];
  const [entry, ...others] = Object.entries(value);
  if (!entry) return [];
  if (others.length > 0) return Object.values(value).flatMap((item) => references(item, condition));
  const [key, argument] = entry;
  switch (key) {
    case "Ref":
      return typeof argument === "string" ? [{ name: argument }] : [];
    case "Fn::GetAtt":
      return attributeReferences(argument, condition);
    case "Fn::Sub":
      return substitutionReferences(argument, condition);
    case "Fn::If":
      return branchReferences(argument, condition);
    default:
      return references(argument, condition);
  }
}

function attributeReferences(argument: unknown, condition: ConditionValue): Reference[] {
  const [name, attribute] = splitAttribute(argument);
  if (typeof name !== "string") return [];
  if (typeof attribute === "string") return [{ name, attribute }];
  return [{ name, attribute: "" }, ...references(attribute, condition)];
}

export function splitAttribute(argument: unknown): readonly unknown[] {
  if (Array.isArray(argument)) {
    const [name, ...rest] = argument as unknown[];
    return rest.every((part) => typeof part === "string")
      ? [name, rest.join(".")]
      : [name, rest[0]];
  }
  if (typeof argument !== "string") return [];
  const dot = argument.indexOf(".");
  return [argument.slice(0, dot), argument.slice(dot + 1)];
}

function substitutionReferences(argument: unknown, condition: ConditionValue): Reference[] {
  const [text, values] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  if (typeof text !== "string") return [];
  const local = isObject(values) ? values : {};
  const named = placeholders(text)
    .filter((name) => !(name in local))
    .map((name): Reference => {
      const dot = name.indexOf(".");
      return dot < 0 ? { name } : { name: name.slice(0, dot), attribute: name.slice(dot + 1) };
    });
  return [...named, ...Object.values(local).flatMap((item) => references(item, condition))];
}

/** Names in `${…}`; `${!Literal}` is none. */
function placeholders(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => (match[1] ?? "").trim());
}

function branchReferences(argument: unknown, condition: ConditionValue): Reference[] {
  if (!Array.isArray(argument)) return [];
  const [name, whenTrue, whenFalse] = argument as unknown[];
  if (typeof name !== "string") return [];
  return references(condition(name) ? whenTrue : whenFalse, condition);
}

/** The resources whose condition holds. */
export function activeResources(
  template: Template,
  condition: ConditionValue,
): Map<string, TemplateResource> {
  return new Map(
    Object.entries(template.Resources).filter(
      ([, resource]) => resource.Condition === undefined || condition(resource.Condition),
    ),
  );
}

/** Logical ids that must exist before each resource. Throws on unknown names and on circles. */
export function dependencies(
  template: Template,
  condition: ConditionValue,
): Map<string, ReadonlySet<string>> {
  const active = activeResources(template, condition);
  const graph = new Map<string, ReadonlySet<string>>();
  const unresolved = new Set<string>();
  for (const [id, resource] of active) {
    const needs = new Set<string>();
    for (const { name } of references(resource.Properties, condition)) {
      if (active.has(name)) needs.add(name);
      else if (!isKnownName(template, name)) unresolved.add(name);
    }
    for (const name of [resource.DependsOn ?? []].flat()) {
      if (active.has(name)) needs.add(name);
      else if (!(name in template.Resources)) unresolved.add(name);
    }
    graph.set(id, needs);
  }
  if (unresolved.size > 0) throw unresolvedError([...unresolved], "Resources");
  const circle = findCircle(graph);
  if (circle.length > 0) {
    throw validationError(`Circular dependency between resources: [${circle.join(", ")}]`);
  }
  checkOutputs(template, condition, active);
  return graph;
}

function isKnownName(template: Template, name: string): boolean {
  return name in template.Parameters || name.startsWith("AWS::");
}

function checkOutputs(
  template: Template,
  condition: ConditionValue,
  active: ReadonlyMap<string, TemplateResource>,
): void {
  const unresolved = Object.values(template.Outputs)
    .filter((output) => output.Condition === undefined || condition(output.Condition))
    .flatMap((output) => references([output.Value, output.Export], condition))
    .map(({ name }) => name)
    .filter((name) => !active.has(name) && !isKnownName(template, name));
  if (unresolved.length > 0) throw unresolvedError([...new Set(unresolved)], "Outputs");
}

function unresolvedError(names: readonly string[], block: string): Error {
  return validationError(
    `Template format error: Unresolved resource dependencies [${names.join(", ")}] in the ${block} block of the template`,
  );
}

/** Takes away what needs nothing until only circles are left. */
function findCircle(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Map(graph);
  let before = -1;
  while (left.size !== before) {
    before = left.size;
    for (const [id, needs] of left) {
      if ([...needs].every((need) => need !== id && !left.has(need))) left.delete(id);
    }
  }
  return [...left.keys()];
}
