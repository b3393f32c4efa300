import { isRecord } from "../is-record.ts";

/** Resources of a template, with the attributes that decide what becomes of them. */
export type Declared = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Says of a resource why it is kept, and lets CloudFormation see a change in it: a policy alone is none. */
const keptMark = "lmi:kept";

/** A deployed template as an object; undefined where it is not JSON, so that lmi did not write it. */
export function readTemplate(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const template: unknown = JSON.parse(text ?? "");
    return isRecord(template) ? template : undefined;
  } catch {
    return undefined;
  }
}

export function declaredIn(template: Readonly<Record<string, unknown>> | undefined): Declared {
  const resources = template?.["Resources"];
  return isRecord(resources) ? (resources as Declared) : {};
}

/** Resources that CloudFormation leaves alone when it deletes the stack. */
export function keptByPolicy(declared: Declared): string[] {
  return Object.keys(declared).filter(
    (id) => textOf(declared[id]?.["DeletionPolicy"])?.startsWith("Retain") ?? false,
  );
}

/** Resources and all that they need: what something still uses cannot be deleted. */
export function withNeeds(ids: readonly string[], declared: Declared): string[] {
  const all = new Set<string>();
  const visit = (id: string): void => {
    if (all.has(id) || declared[id] === undefined) return;
    all.add(id);
    for (const needed of needsOf(declared[id])) visit(needed);
  };
  for (const id of ids) visit(id);
  return [...all];
}

function needsOf(resource: Readonly<Record<string, unknown>>): string[] {
  const { DependsOn: dependsOn } = resource;
  const ordered = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  return [
    ...ordered.filter((id) => typeof id === "string"),
    ...referencesIn(resource["Properties"]),
  ];
}

/** Logical ids in Ref, Fn::GetAtt and Fn::Sub; names of parameters among them are no resources. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  const { Ref: ref, "Fn::GetAtt": attribute, "Fn::Sub": substituted } = value;
  const text = textOf(Array.isArray(substituted) ? substituted[0] : substituted);
  const named = text === undefined ? [] : [...text.matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)];
  const got = textOf(Array.isArray(attribute) ? attribute[0] : attribute);
  return [
    ...(typeof ref === "string" ? [ref] : []),
    ...(got === undefined ? [] : [got.split(".")[0] ?? got]),
    ...named.flatMap(([, id]) => id ?? []),
    ...Object.values(value).flatMap(referencesIn),
  ];
}

/** The template with a policy that keeps these resources. */
export function keeping(
  template: Readonly<Record<string, unknown>>,
  ids: readonly string[],
): Record<string, unknown> {
  const resources = Object.entries(declaredIn(template)).map(([id, resource]) => {
    if (!ids.includes(id)) return [id, resource];
    const metadata = isRecord(resource["Metadata"]) ? resource["Metadata"] : {};
    return [
      id,
      { ...resource, DeletionPolicy: "Retain", Metadata: { ...metadata, [keptMark]: true } },
    ];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

export function parametersOf(template: Readonly<Record<string, unknown>>): string[] {
  const parameters = template["Parameters"];
  return isRecord(parameters) ? Object.keys(parameters) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
