import { isRecord } from "../../is-record.ts";
import type { Template, TemplateResource } from "../synthesize.ts";

/** Logical ids that a resource needs before itself: what it refers to, and what it is said to depend on. */
export function referencesOf(resource: TemplateResource): ReadonlySet<string> {
  return new Set([...dependenciesOf(resource), ...mentioned(resource)]);
}

export function dependenciesOf({ DependsOn = [] }: TemplateResource): readonly string[] {
  return typeof DependsOn === "string" ? [DependsOn] : DependsOn;
}

function mentioned(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mentioned);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, own]) => {
    if (key === "Ref" && typeof own === "string") return [own];
    if (key === "Fn::GetAtt")
      return [String(Array.isArray(own) ? own[0] : own).split(".")[0] ?? ""];
    const variables = key === "Fn::Sub" ? subVariables(own) : [];
    return [...variables, ...mentioned(own)];
  });
}

function subVariables(operand: unknown): string[] {
  const text: unknown = Array.isArray(operand) ? operand[0] : operand;
  if (typeof text !== "string") return [];
  return [...text.matchAll(/\$\{(?!!)(?<name>[\w:]+)/g)].map(
    ({ groups }) => groups?.["name"] ?? "",
  );
}

/** Each behind what it needs; otherwise in the order given. What goes in a circle, CloudFormation refuses. */
export function inOrder(
  ids: readonly string[],
  needs: (id: string) => Iterable<string>,
): readonly string[] {
  const wanted = new Set(ids);
  const done = new Set<string>();
  const visit = (id: string): void => {
    if (done.has(id)) return;
    done.add(id);
    visitAll(id);
    ordered.push(id);
  };
  const visitAll = (id: string) => {
    for (const other of needs(id)) if (wanted.has(other)) visit(other);
  };
  const ordered: string[] = [];
  for (const id of ids) visit(id);
  return ordered;
}

/** All that a resource needs, directly or through others. */
export function reach(template: Template, start: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string): void => {
    const resource = template.Resources[id];
    if (resource === undefined || found.has(id)) return;
    found.add(id);
    for (const other of referencesOf(resource)) visit(other);
  };
  visit(start);
  found.delete(start);
  return found;
}
