import type { AnyNode } from "acorn";
import { keyName, moduleName } from "./names.ts";
import { type Thing, type Value, createThing, nothing, thingValue } from "./value.ts";
import type { Walk } from "./walk.ts";

/** A global, or a name of a package in the bundle. */
export function outside(walk: Walk, name: string): Value {
  if (name === "undefined") return nothing;
  const owner = walk.code.packageOf(name);
  if (owner !== undefined) return thingValue(library(walk, `${owner}.${name}`, name));
  const shown = name === "global" ? "globalThis" : name;
  const made =
    walk.packages.get(`global:${shown}`) ??
    createThing("global", shown, `global:${shown}`, true, { name: shown });
  walk.packages.set(made.key, made);
  return thingValue(made);
}

/** What an import that stayed one brings. */
export function imported(walk: Walk, definition: { node: unknown; parent?: unknown }): Value {
  const from = moduleName(
    String((definition.parent as { source?: { value?: unknown } } | undefined)?.source?.value),
  );
  const specifier = definition.node as { imported?: AnyNode };
  const name = specifier.imported && keyName(specifier.imported);
  if (from === "process") return outside(walk, "process");
  return thingValue(
    library(
      walk,
      name === undefined || name === "default" ? from : `${from}.${name}`,
      name ?? from,
    ),
  );
}

export function library(walk: Walk, name: string, label = name): Thing {
  if (name === "process") return outside(walk, "process").things[0] as Thing;
  const known =
    walk.packages.get(name) ?? createThing("library", label, `package:${name}`, true, { name });
  walk.packages.set(name, known);
  return known;
}
