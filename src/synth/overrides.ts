import type { CfnResource, Stack } from "aws-cdk-lib/core";
import { constructId, providerConstructId } from "./names.ts";
import { nearest } from "./nearest.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { Settings } from "./settings.ts";
import { resourcesOf } from "./stack-elements.ts";

/**
 * Changes resources as `overrides` says, with CDK's addOverride: objects are merged, everything else is replaced, null
 * removes. Those of a type come first, so that a resource's own win.
 * @returns what names no resource
 */
export function applyOverrides(stack: Stack, settings: Settings): RuleIssue[] {
  const resources = resourcesOf(stack);
  const named = Object.entries(settings.overrides).toSorted(
    ([one], [other]) => Number(other.includes("::")) - Number(one.includes("::")),
  );
  const issues: RuleIssue[] = [];
  for (const [name, changes] of named) {
    const meant = resourcesNamed(name, settings, resources);
    if (meant.length === 0) issues.push(unknownResource(name, settings, resources));
    for (const resource of meant) {
      for (const [path, value] of Object.entries(changes)) resource.addOverride(path, plain(value));
    }
  }
  return issues;
}

/** The one resource that a name means, for code of the user's; throws where there is none. */
export function namedResource(name: string, settings: Settings, stack: Stack): CfnResource {
  const resources = resourcesOf(stack);
  const [only] = name.includes("::") ? [] : resourcesNamed(name, settings, resources);
  if (only) return only;
  const { path, message } = unknownResource(name, settings, resources);
  throw new Error(`${path.at(-1)} ${message}`);
}

type Resources = ReadonlyMap<string, CfnResource>;

/** By logical id; by the name of a function or a provider in the settings; by type. */
function resourcesNamed(name: string, settings: Settings, resources: Resources): CfnResource[] {
  if (name.includes("::")) {
    return [...resources.values()].filter(({ cfnResourceType }) => cfnResourceType === name);
  }
  const exact = resources.get(name);
  if (exact) return [exact];
  const id = friendlyIds(settings)[name];
  const meant = id === undefined ? undefined : resources.get(id);
  return meant === undefined ? [] : [meant];
}

/** The keys of `overrides` that change a resource, the ones that win first. */
export function namesMeaning(
  logicalId: string,
  type: string | undefined,
  settings: Settings,
): readonly string[] {
  const friendly = friendlyIds(settings);
  const names = Object.keys(settings.overrides);
  const own = names.filter((name) => name === logicalId || friendly[name] === logicalId);
  return [...own, ...names.filter((name) => name === type)];
}

/** Logical ids by the names that settings give; a name of both is the function's. */
export function friendlyIds({
  functions,
  capacityProviders,
}: Settings): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...Object.keys(capacityProviders).map((name) => [name, providerConstructId(name)] as const),
    ...Object.keys(functions).map((key) => [key, constructId(key)] as const),
  ]);
}

function unknownResource(name: string, settings: Settings, resources: Resources): RuleIssue {
  const types = [...resources.values()].map(({ cfnResourceType }) => cfnResourceType);
  const ids = [...resources.keys(), ...Object.keys(friendlyIds(settings))];
  const isType = name.includes("::");
  const guess = nearest(name, isType ? types : ids);
  const all = [...new Set(isType ? types : resources.keys())];
  const hint = guess === undefined ? `: it has ${all.join(", ")}` : `; did you mean ${guess}?`;
  return {
    path: ["overrides", name],
    value: undefined,
    message: `${isType ? "is the type of no resource" : "is no resource"} of the stack${hint}`,
    code: "override-unknown",
    severity: "error",
  };
}

/** CDK removes what is undefined; JSON has no such value, and a template no null. */
function plain(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
