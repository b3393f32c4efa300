import type { Stack } from "aws-cdk-lib/core";
import { nearest } from "./nearest.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { Settings } from "./settings.ts";
import { elementsOf, idOf } from "./stack-elements.ts";

/** What Ref, Fn::GetAtt and Fn::Sub of the escape hatches name, and the stack does not have. */
export function unknownReferences(stack: Stack, settings: Settings): RuleIssue[] {
  const known = new Set(elementsOf(stack).map((element) => idOf(stack, element)));
  const sections = ["overrides", "resources", "outputs"] as const;
  return sections.flatMap((section) =>
    Object.entries(settings[section]).flatMap(([id, body]) =>
      namesIn(body)
        .filter((name) => !name.startsWith("AWS::") && !known.has(name))
        .map((name) => unknown([section, id], name, known)),
    ),
  );
}

function unknown(path: readonly string[], name: string, known: ReadonlySet<string>): RuleIssue {
  const guess = nearest(name, [...known]);
  return {
    path,
    value: name,
    message: `refers to what the stack does not have${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    code: "reference-unknown",
    severity: "error",
  };
}

/** Every logical id that is referred to, pseudo parameters included. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [key, argument] = only as [string, unknown];
    if (key === "Ref") return typeof argument === "string" ? [argument] : [];
    if (key === "Fn::GetAtt") return attributeOf(argument);
    if (key === "Fn::Sub") return substituted(argument);
  }
  return entries.flatMap(([, inner]) => namesIn(inner));
}

/** `["Queue", "Arn"]`, or in YAML's short form `Queue.Arn`. */
function attributeOf(argument: unknown): string[] {
  const [first] = typeof argument === "string" ? argument.split(".") : [argument].flat();
  return typeof first === "string" ? [first] : [];
}

/** `${Queue}` and `${Queue.Arn}`, not `${!Literal}`, nor the names that Fn::Sub brings itself. */
function substituted(argument: unknown): string[] {
  const [text, variables = {}] = [argument].flat() as [unknown, object?];
  const names = [...String(text).matchAll(/\$\{(?<name>[^!{}.]+)[^{}]*\}/g)].map(({ groups }) =>
    (groups?.["name"] ?? "").trim(),
  );
  return [...names.filter((name) => !Object.hasOwn(variables, name)), ...namesIn(variables)];
}
