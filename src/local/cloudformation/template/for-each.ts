import { isObject } from "./template.ts";
import type { JsonObject } from "./template.ts";
import { extensionsFailed } from "./transform-failed.ts";

const prefix = "Fn::ForEach::";

/**
 * Writes out every `Fn::ForEach::Name: [Identifier, Collection, Body]` of a value, loops in loops too
 * (CloudFormation template reference, "Fn::ForEach"). `collect` computes a collection's items.
 */
export function expandLoops(value: unknown, collect: (collection: unknown) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => expandLoops(item, collect));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (!key.startsWith(prefix)) put(result, key, expandLoops(item, collect));
    else for (const [name, made] of iterations(item, collect)) put(result, name, made);
  }
  return result;
}

function put(result: JsonObject, key: string, value: unknown): void {
  if (key in result) throw extensionsFailed(`Duplicate key ${key} made by Fn::ForEach`);
  result[key] = value;
}

function iterations(
  loop: unknown,
  collect: (collection: unknown) => string[],
): (readonly [string, unknown])[] {
  const [identifier, collection, body] = Array.isArray(loop) ? (loop as unknown[]) : [];
  if (typeof identifier !== "string" || !isObject(body) || (loop as unknown[]).length !== 3) {
    throw extensionsFailed("Fn::ForEach layout is incorrect");
  }
  return collect(collection).flatMap((item) => {
    const made = expandLoops(substitute(body, identifier, item), collect);
    return isObject(made) ? Object.entries(made) : [];
  });
}

/** The loop's item in place of `${Identifier}`, of `&{Identifier}` (letters and digits only) and of its Ref. */
function substitute(value: unknown, identifier: string, item: string): unknown {
  const inText = (text: string): string =>
    text
      .replaceAll(`\${${identifier}}`, item)
      .replaceAll(`&{${identifier}}`, item.replaceAll(/[^A-Za-z0-9]/g, ""));
  if (typeof value === "string") return inText(value);
  if (Array.isArray(value)) return value.map((part) => substitute(part, identifier, item));
  if (!isObject(value)) return value;
  if (value["Ref"] === identifier && Object.keys(value).length === 1) return item;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [inText(key), substitute(part, identifier, item)]),
  );
}
