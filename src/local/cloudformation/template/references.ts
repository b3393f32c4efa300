import { isRecord } from "../../../is-record.ts";

/** Where a value takes another's: `Ref X` has no attribute, `Fn::GetAtt X.Y` has. */
export interface Reference {
  readonly name: string;
  readonly attribute?: string;
  readonly by: "Ref" | "Fn::GetAtt" | "Fn::Sub";
}

/** Whether a condition holds; `both`: it is not asked, and both branches count. */
export type ConditionValue = ((name: string) => boolean) | "both";

/** Every reference in a value; of `Fn::If` only the branch that holds. */
export function references(value: unknown, condition: ConditionValue): Reference[] {
  if (Array.isArray(value)) return value.flatMap((item) => references(item, condition));
  if (!isRecord(value)) return [];
  const [entry, ...others] = Object.entries(value);
  if (!entry) return [];
  if (others.length > 0) return Object.values(value).flatMap((item) => references(item, condition));
  const [key, argument] = entry;
  switch (key) {
    case "Ref":
      return typeof argument === "string" ? [{ name: argument, by: "Ref" }] : [];
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
  if (typeof attribute === "string") return [{ name, attribute, by: "Fn::GetAtt" }];
  return [{ name, attribute: "", by: "Fn::GetAtt" }, ...references(attribute, condition)];
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
  const local = isRecord(values) ? values : {};
  const named = placeholders(text)
    .filter((name) => !Object.hasOwn(local, name))
    .map((name): Reference => {
      const dot = name.indexOf(".");
      const by = "Fn::Sub";
      return dot < 0
        ? { name, by }
        : { name: name.slice(0, dot), attribute: name.slice(dot + 1), by };
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
  if (condition === "both") return references([whenTrue, whenFalse], condition);
  if (typeof name !== "string") return [];
  return references(condition(name) ? whenTrue : whenFalse, condition);
}
