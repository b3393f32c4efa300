import type { Leaf } from "./sample.ts";

type Leaves = ReadonlyMap<string, Leaf["value"]>;

/** Where answers to the same event differ from each other although it runs alone: time, ids, chance, what is kept. */
export interface Varying {
  has(pointer: string): boolean;
}

/** @param runs the answers' values by pointer, one map for each run alone */
export function varyingIn(runs: readonly Leaves[]): Varying {
  const [first = new Map(), ...others] = runs;
  const pointers = new Set(others.flatMap((other) => differing(first, other)));
  const open = openIn(runs.map(keysOf));
  return {
    has: (pointer) =>
      pointers.has(pointer) ||
      open.has(pointer) ||
      above(pointer).some(([container, key]) => open.get(container)?.has(key) === false),
  };
}

/** Pointers at which two answers differ. */
export function differing(left: Leaves, right: Leaves): string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter(
    (pointer) => left.get(pointer) !== right.get(pointer),
  );
}

/** The containers around a value, each with the key that leads to it. */
function above(pointer: string): [container: string, key: string][] {
  const parts = pointer.split("/");
  return parts
    .slice(1)
    .map((key, index) => [parts.slice(0, index + 1).join("/"), key] as [string, string]);
}

/** A pointer with `*` in place of each key that no pointer of `known` has there. */
export function withoutNewKeys(pointer: string, known: Leaves): string {
  const keys = keysOf(known);
  const parts = above(pointer).map(([container, key]) =>
    keys.get(container)?.has(key) ? key : "*",
  );
  return ["", ...parts].join("/");
}

function keysOf(leaves: Leaves): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  for (const pointer of leaves.keys())
    for (const [container, key] of above(pointer)) {
      const known = keys.get(container);
      if (known) known.add(key);
      else keys.set(container, new Set([key]));
    }
  return keys;
}

/** Containers whose keys, or whose length, differ; with the keys that they have in each run all the same. */
function openIn(runs: readonly ReadonlyMap<string, ReadonlySet<string>>[]) {
  const containers = new Set(runs.flatMap((keys) => [...keys.keys()]));
  const open = new Map<string, ReadonlySet<string>>();
  for (const container of containers) {
    const seen = runs.map((keys) => keys.get(container) ?? new Set<string>());
    const common = seen.reduce((left, right) => new Set([...left].filter((key) => right.has(key))));
    if (seen.every(({ size }) => size === common.size)) continue;
    // What stands at a place of an array that is now longer and now shorter says nothing.
    const isArray = seen.every((keys) => [...keys].every((key) => /^\d+$/.test(key)));
    open.set(container, isArray ? new Set() : common);
  }
  return open;
}
