import type { AnyNode } from "acorn";
import type { Variable } from "eslint-scope";
import type { Thing } from "./value.ts";

/** What a property is called; undefined where that is computed. */
export function keyName(key: AnyNode): string | undefined {
  if (key.type === "Identifier") return key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  return key.type === "Literal" ? String(key.value) : undefined;
}

/** "fs" of "node:fs/promises"; packages as they are. */
export function moduleName(specifier: string): string {
  return specifier.replace(/^node:/, "").replace(/^(fs|timers|stream|dns)\/promises$/, "$1");
}

export function locationOf(variable: Variable): string {
  const [declared] = variable.identifiers as unknown as readonly { start: number }[];
  return `${variable.name}@${declared?.start ?? 0}`;
}

/** From now on it lives as long as what it was put into; `keyed` where that was under a key of the request's. */
export function share(thing: Thing, label: string, keyed = false): void {
  // What others reach without the key is kept apart by nothing.
  if (!keyed) thing.keyed = false;
  if (thing.shared) return;
  thing.shared = true;
  thing.keyed = keyed;
  if (thing.label === "") thing.label = label;
  for (const [name, value] of thing.properties)
    for (const inner of value.things) share(inner, `${label}.${name}`, keyed);
}
