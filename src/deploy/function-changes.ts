import { isDeepStrictEqual } from "node:util";

import type { ConfigurationChange, LiveProperties } from "../aws/ports.ts";
import { isRecord } from "../is-record.ts";
import { usualConcurrency } from "./usual-concurrency.ts";

type Properties = Readonly<Record<string, unknown>>;

export interface FunctionChanges {
  /** What UpdateFunctionConfiguration has to be told; no members where all is as wanted. */
  readonly change: ConfigurationChange;
  /** Names of what it changes; of variables only the names. */
  readonly names: readonly string[];
  /** Properties that are to be what only CloudFormation can make of them. */
  readonly needsDeploy: readonly string[];
}

interface Compared {
  readonly wanted: unknown;
  /** As the deployed template has it. */
  readonly deployed: unknown;
  readonly live: unknown;
}

type Outcome = "same" | "deploy" | { readonly value: unknown; readonly names?: readonly string[] };

/**
 * What has to be changed of a function so that it is what a template says.
 * @param wanted properties in the template that is to be
 * @param deployed those in the deployed one: a reference that stands in both is not looked at
 * @param live what Lambda tells of the function
 */
export function functionChanges(
  wanted: Properties,
  deployed: Properties,
  live: LiveProperties,
): FunctionChanges {
  const change: Record<string, unknown> = {};
  const names: string[] = [];
  const needsDeploy: string[] = [];
  for (const [name, compare] of Object.entries(comparisons)) {
    const outcome = compare({ wanted: wanted[name], deployed: deployed[name], live: live[name] });
    if (outcome === "deploy") needsDeploy.push(name);
    else if (outcome !== "same") {
      change[name] = outcome.value;
      names.push(...(outcome.names ?? [name]));
    }
  }
  return { change: { ...change, ...usualConcurrency(wanted, live, change) }, names, needsDeploy };
}

/** Whether a function is what a change was to make of it. */
export function hasChange(live: LiveProperties, change: ConfigurationChange): boolean {
  return Object.entries(change).every(([name, wanted]) => {
    const now = live[name];
    if (name === "Layers") return isDeepStrictEqual(wanted, layerArns(now));
    return isDeepStrictEqual(wanted, now);
  });
}

const comparisons: Readonly<Record<string, (compared: Compared) => Outcome>> = {
  Environment: variables,
  EphemeralStorage: ({ wanted, deployed, live }) => {
    const size = value(member(wanted, "Size"), member(deployed, "Size"), member(live, "Size"));
    return typeof size === "string" ? size : { value: { Size: size.value } };
  },
  Handler: plainValue,
  Layers: layers,
  LoggingConfig: logLevels,
  MemorySize: plainValue,
  Runtime: plainValue,
  Timeout: plainValue,
};

function plainValue({ wanted, deployed, live }: Compared): Outcome {
  return value(wanted, deployed, live);
}

function value(wanted: unknown, deployed: unknown, live: unknown): Outcome {
  // What is no longer said goes back to a default that CloudFormation knows.
  if (wanted === undefined) return deployed === undefined ? "same" : "deploy";
  if (isReference(wanted)) return isDeepStrictEqual(wanted, deployed) ? "same" : "deploy";
  return isDeepStrictEqual(wanted, live) ? "same" : { value: wanted };
}

/** What Lambda takes where nothing is said (Lambda developer guide, monitoring-cloudwatchlogs-log-level). */
const usualLevel = "INFO";

/** Only the levels: the group and the format are what other resources rely on. */
function logLevels({ wanted, deployed, live }: Compared): Outcome {
  const levels = ["ApplicationLogLevel", "SystemLogLevel"];
  if (!isDeepStrictEqual(without(wanted, levels), without(deployed, levels))) return "deploy";
  const outcomes = levels.map((name) => {
    const own = member(wanted, name) ?? usualLevel;
    return [name, value(own, member(deployed, name), member(live, name) ?? usualLevel)] as const;
  });
  if (outcomes.some(([, outcome]) => outcome === "deploy")) return "deploy";
  const changed = outcomes.flatMap(([name, outcome]) =>
    typeof outcome === "string" ? [] : [[name, outcome.value] as const],
  );
  if (changed.length === 0) return "same";
  // What is not named would go back to its default.
  const all = { ...(isRecord(live) ? live : {}), ...Object.fromEntries(changed) };
  return { value: all, names: changed.map(([name]) => name) };
}

/** Lambda takes all variables or none: what a reference comes to is taken over from what is live. */
function variables({ wanted, deployed, live }: Compared): Outcome {
  const [own, before] = [variablesOf(wanted), variablesOf(deployed)];
  const error = member(live, "Error");
  // The key that encrypts them is not ours to use: nothing is known of them.
  if (error !== undefined) return isDeepStrictEqual(own, before) ? "same" : "deploy";
  const now = variablesOf(live);
  const next: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(own)) {
    if (!isReference(each)) next[name] = each;
    else if (isDeepStrictEqual(each, before[name]) && name in now) next[name] = now[name];
    else return "deploy";
  }
  const names = [...new Set([...Object.keys(next), ...Object.keys(now)])].filter(
    (name) => next[name] !== now[name],
  );
  if (names.length === 0) return "same";
  return { value: { Variables: next }, names: names.map((name) => `Environment.${name}`) };
}

function variablesOf(environment: unknown): Properties {
  const found = member(environment, "Variables");
  return isRecord(found) ? found : {};
}

function layers({ wanted, deployed, live }: Compared): Outcome {
  const own = wanted ?? [];
  if (!Array.isArray(own) || own.some((each) => typeof each !== "string"))
    return isDeepStrictEqual(wanted, deployed) ? "same" : "deploy";
  return isDeepStrictEqual(own, layerArns(live)) ? "same" : { value: own };
}

function layerArns(live: unknown): unknown[] {
  return Array.isArray(live) ? live.map((layer) => member(layer, "Arn")) : [];
}

function member(of: unknown, name: string): unknown {
  return isRecord(of) ? of[name] : undefined;
}

function without(of: unknown, names: readonly string[]): unknown {
  if (!isRecord(of)) return of;
  return Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name)));
}

/** A function of CloudFormation, or a reference to a secret or parameter: what it comes to is not known here. */
function isReference(of: unknown): boolean {
  if (typeof of === "string") return of.includes("{{resolve:");
  return isRecord(of);
}
