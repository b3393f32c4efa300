import { isDeepStrictEqual } from "node:util";

import { isRecord } from "../is-record.ts";
import { expiryName, expiryResources } from "../synth/ttl.ts";
import { withoutVersion } from "./no-change.ts";
import { typeWord } from "./resource-words.ts";
import {
  resourcesOf,
  type TemplateResource,
  type TemplateResources,
} from "./template-resources.ts";

type Properties = Readonly<Record<string, unknown>>;

/** A function as two templates have it. */
export interface PushableFunction {
  readonly logicalId: string;
  readonly wanted: Properties;
  readonly deployed: Properties;
}

export interface PushPlan {
  /** Functions that both templates have. */
  readonly functions: readonly PushableFunction[];
  /** What only a deploy can change, each in a few words. */
  readonly needsDeploy: readonly string[];
}

/**
 * Properties of a function that Lambda itself changes at once (Lambda API reference, UpdateFunctionCode and
 * UpdateFunctionConfiguration). Which of their values can be pushed is decided in function-changes.ts.
 */
const pushable: ReadonlySet<string> = new Set([
  "Code",
  "Environment",
  "EphemeralStorage",
  "Handler",
  "Layers",
  "LoggingConfig",
  "MemorySize",
  "Runtime",
  "Timeout",
]);

/**
 * What differs between the template that the project comes to and the one that was deployed, in two: functions, whose
 * code and settings may be pushed, and everything else, which takes CloudFormation.
 * @param deployed the stack's template as CloudFormation stores it, JSON
 */
export function planPush(wanted: Properties, deployed: string | undefined): PushPlan {
  const now = withoutExpiry(plain(wanted));
  const before = withoutExpiry(parse(deployed));
  const [ours, theirs] = [resourcesOf(now), resourcesOf(before)];
  const ids = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  const functions = ids.flatMap((logicalId) =>
    isFunction(ours[logicalId]) && isFunction(theirs[logicalId])
      ? [
          {
            logicalId,
            wanted: ours[logicalId]?.Properties ?? {},
            deployed: theirs[logicalId]?.Properties ?? {},
          },
        ]
      : [],
  );
  return {
    functions,
    needsDeploy: [
      ...ids.flatMap((id) => resourceDifference(id, ours, theirs)),
      ...sectionDifferences(now, before),
    ],
  };
}

function isFunction(resource: TemplateResource | undefined): boolean {
  return resource?.Type === "AWS::Lambda::Function";
}

function resourceDifference(
  logicalId: string,
  ours: TemplateResources,
  theirs: TemplateResources,
): string[] {
  const [now, before] = [ours[logicalId], theirs[logicalId]];
  const type = now?.Type ?? before?.Type ?? "";
  // Follows from the code: an alias stays at its version until the next deploy.
  if (type === "AWS::Lambda::Version") return [];
  const name = `${logicalId} (${typeWord(type)})`;
  if (now === undefined) return [`${name}: deleted`];
  if (before === undefined) return [`${name}: new`];
  const changed = changedMembers(now, before, type);
  return changed.length === 0 ? [] : [`${name}: ${changed.join(", ")}`];
}

function changedMembers(now: TemplateResource, before: TemplateResource, type: string): string[] {
  const own = now.Properties ?? {};
  const other = before.Properties ?? {};
  const names = differing(own, other).filter((name) => !isLetThrough(type, name));
  const { Properties: _now, ...rest } = now;
  const { Properties: _before, ...restBefore } = before;
  return [...names, ...differing(rest, restBefore)];
}

function isLetThrough(type: string, property: string): boolean {
  if (type === "AWS::Lambda::Function") return pushable.has(property);
  return type === "AWS::Lambda::Alias" && property === "FunctionVersion";
}

function sectionDifferences(now: Properties, before: Properties): string[] {
  return differing(withoutVersion(now), withoutVersion(before))
    .filter((name) => name !== "Resources")
    .map((name) => name.toLowerCase());
}

function differing(one: unknown, other: unknown): string[] {
  const [a, b] = [isRecord(one) ? one : {}, isRecord(other) ? other : {}];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => !isDeepStrictEqual(a[name], b[name]),
  );
}

function parse(template: string | undefined): Properties {
  try {
    const parsed: unknown = template === undefined ? {} : JSON.parse(template);
    return isRecord(parsed) ? parsed : {};
  } catch {
    // Not JSON, so not a template that lmi wrote: all of it differs.
    return {};
  }
}

/** When the stack goes is what its last deploy said: code that is pushed neither needs to know it nor changes it. */
function withoutExpiry(template: Properties): Properties {
  return {
    ...template,
    ...resourcesWithoutExpiry(template),
    ...without(template, "Parameters", [expiryName]),
    ...without(template, "Outputs", [expiryName]),
  };
}

/** All the others wait for the schedule, so that it goes last: that says nothing about them either. */
function resourcesWithoutExpiry(template: Properties): Properties {
  const { Resources: left } = without(template, "Resources", expiryResources);
  if (!isRecord(left)) return {};
  const resources = Object.entries(left).map(([id, resource]) => [id, independent(resource)]);
  return { Resources: Object.fromEntries(resources) as Properties };
}

function independent(resource: unknown): unknown {
  if (!isRecord(resource) || resource["DependsOn"] === undefined) return resource;
  const others = [resource["DependsOn"]]
    .flat()
    .filter((id) => !expiryResources.some((own) => own === id));
  const { DependsOn: _all, ...rest } = resource;
  return others.length === 0 ? rest : { ...rest, DependsOn: others };
}

/** A section without some of its entries; a section in which nothing is left reads as one that never was. */
function without(template: Properties, section: string, names: readonly string[]): Properties {
  const entries = template[section];
  if (!isRecord(entries)) return {};
  const left = Object.entries(entries).filter(([name]) => !names.includes(name));
  return { [section]: left.length === 0 ? undefined : Object.fromEntries(left) };
}

/** Drops undefined members, which JSON does not carry. */
function plain(template: Properties): Properties {
  return JSON.parse(JSON.stringify(template)) as Properties;
}
