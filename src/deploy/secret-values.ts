import { isRecord } from "../is-record.ts";
import type { PropertyDrift, ResourceDrift } from "../aws/ports.ts";
import { secretsInText, soundsSecret } from "../synth/secret-names.ts";

/*
 * The one place that says what may be shown of properties: every difference goes through it, whether it is printed
 * while deploying, by diff, by diff --drift, or as JSON.
 */

const hidden = "(not shown)";

/** A property's value as it may be shown, JSON unless it is text. undefined: there is none. */
export function shownProperty(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (name === "Environment") return variableNames(value);
  if (isSecret([name])) return hidden;
  const shown = redacted(value);
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}

/** Variables of which only the names are shown: those that are not the same before and after. */
export function changedVariables(before: unknown, after: unknown): [unknown, unknown] {
  const [old, now] = [variablesOf(before), variablesOf(after)];
  if (old === undefined || now === undefined) return [before, after];
  const differ = (name: string) => JSON.stringify(old[name]) !== JSON.stringify(now[name]);
  const only = (variables: Variables) => {
    const left = Object.entries(variables).filter(([name]) => differ(name));
    return left.length === 0 ? undefined : { Variables: Object.fromEntries(left) };
  };
  return [only(old), only(now)];
}

/** A resource's differences as they may be shown. */
export function withoutSecrets(drift: ResourceDrift): ResourceDrift {
  return { ...drift, differences: drift.differences.map(shownDrift) };
}

function shownDrift({ path, expected, actual }: PropertyDrift): PropertyDrift {
  const shown = isSecret(path.split("/").slice(1)) ? () => hidden : redactedText;
  return {
    path,
    expected: expected === undefined ? undefined : shown(expected),
    actual: actual === undefined ? undefined : shown(actual),
  };
}

/**
 * By the names on the way to a value. `Value` is all that a parameter of SSM, or a key of API Gateway, has; in deeper
 * places it is a tag's, or the like.
 */
function isSecret(names: readonly string[]): boolean {
  return names[0] === "Value" || names.some(hidesAll);
}

/** Condition keys of IAM (`aws:TokenIssueTime`) and functions of CloudFormation are no names of values. */
function hidesAll(name: string): boolean {
  return /^Environment(?:Variables)?$/.test(name) || (!name.includes(":") && soundsSecret(name));
}

function redacted(value: unknown): unknown {
  if (typeof value === "string") return redactedText(value);
  if (Array.isArray(value)) return value.map(redacted);
  if (!isRecord(value)) return value;
  const isNamedSecret = namesOf(value).some(soundsSecret);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      hidesAll(name) || (isNamedSecret && /value$/i.test(name)) ? hidden : redacted(each),
    ]),
  );
}

/** What `{ Name: "DB_PASSWORD", Value: "…" }` calls its value. */
function namesOf(value: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(value).flatMap(([name, each]) =>
    /(?:name|key)$/i.test(name) && typeof each === "string" ? [each] : [],
  );
}

/** Text that is JSON is looked into; in other text, and in pieces of JSON, what follows a secret's name is hidden. */
function redactedText(text: string): string {
  const document = parsed(text);
  if (document === undefined)
    return text.replaceAll(secretsInText, (_all, name: string) => `${name}${hidden}`);
  const shown = JSON.stringify(redacted(document));
  return shown === JSON.stringify(document) ? text : shown;
}

/** undefined: no object and no list. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Other text that begins so.
    return undefined;
  }
}

type Variables = Readonly<Record<string, unknown>>;

function variablesOf(environment: unknown): Variables | undefined {
  const variables = isRecord(environment) ? environment["Variables"] : undefined;
  return isRecord(variables) ? variables : undefined;
}

function variableNames(environment: unknown): string {
  const variables = variablesOf(environment);
  return variables === undefined
    ? hidden
    : `variables ${Object.keys(variables).toSorted().join(", ")}`;
}
