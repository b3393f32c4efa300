import { references } from "./references.ts";
import { unresolvedDependencies } from "./static-checks.ts";
import { validationError } from "./template.ts";
import type { Template, TemplateResource } from "./template.ts";

/** The resources whose condition holds. */
export function activeResources(
  template: Template,
  condition: (name: string) => boolean,
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
  condition: (name: string) => boolean,
): Map<string, ReadonlySet<string>> {
  const active = activeResources(template, condition);
  const graph = new Map<string, ReadonlySet<string>>();
  const unresolved = new Set<string>();
  for (const [id, resource] of active) {
    const needs = new Set<string>();
    for (const { name } of references(resource.Properties, condition)) {
      if (active.has(name)) needs.add(name);
      else if (name in template.Resources) unresolved.add(name);
    }
    for (const name of [resource.DependsOn ?? []].flat()) {
      if (active.has(name)) needs.add(name);
    }
    graph.set(id, needs);
  }
  if (unresolved.size > 0) throw unresolvedDependencies([...unresolved], "Resources");
  const circle = findCircle(graph);
  if (circle.length > 0) {
    throw validationError(`Circular dependency between resources: [${circle.join(", ")}]`);
  }
  checkOutputs(template, condition, active);
  return graph;
}

function checkOutputs(
  template: Template,
  condition: (name: string) => boolean,
  active: ReadonlyMap<string, TemplateResource>,
): void {
  const unresolved = Object.values(template.Outputs)
    .filter((output) => output.Condition === undefined || condition(output.Condition))
    .flatMap((output) => references([output.Value, output.Export], condition))
    .map(({ name }) => name)
    .filter((name) => name in template.Resources && !active.has(name));
  if (unresolved.length === 0) return;
  // Without "Template format error:", observed: localstack/localstack test_conditions.snapshot.json.
  throw validationError(
    `Unresolved resource dependencies [${[...new Set(unresolved)].join(", ")}] in the Outputs block of the template`,
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
