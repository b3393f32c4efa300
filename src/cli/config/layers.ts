/** Settings before they are checked: nested objects of whatever was written. */
export interface Tree {
  readonly [key: string]: unknown;
}

/** Settings from one place; later layers win. */
export interface Layer {
  readonly values: Tree;
  /** The place, as people know it: `--memory`, `LMI_MEMORY`, `lmi.json`, `lmi.config.ts`. */
  readonly origin: string;
}

export interface Merged {
  readonly values: Tree;
  /** Place of each leaf, by dotted path. */
  readonly origins: ReadonlyMap<string, string>;
}

/** Objects merge key by key; everything else, lists and variables too, is replaced. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const origins = new Map<string, string>();
  let values: Tree = {};
  for (const layer of layers) {
    values = merge(values, layer.values);
    for (const path of leafPaths(layer.values)) origins.set(path.join("."), layer.origin);
  }
  return { values, origins };
}

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `{a: {b: value}}` for the path `a`, `b`. */
export function treeAt(path: readonly string[], value: unknown): Tree {
  const [first = "", ...rest] = path;
  return { [first]: rest.length === 0 ? value : treeAt(rest, value) };
}

export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  let value = tree;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** The tree without what is at the path. A list keeps its places: without an item of it goes the whole list. */
export function without(tree: Tree, path: readonly PropertyKey[]): Tree {
  const [first, ...rest] = path.map(String);
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
      if (key !== first) return [[key, value]];
      if (isTree(value)) return rest.length > 0 ? [[key, without(value, rest)]] : [];
      const items: unknown = Array.isArray(value) ? withoutInItem(value, rest) : undefined;
      return items === undefined ? [] : [[key, items]];
    }),
  );
}

function withoutInItem(list: readonly unknown[], path: readonly string[]): unknown {
  const [place, ...rest] = path;
  if (rest.length === 0 || !isTree(list[Number(place)])) return undefined;
  return list.map((item, index) =>
    String(index) === place && isTree(item) ? without(item, rest) : item,
  );
}

export function leafPaths(tree: Tree, prefix: readonly string[] = []): string[][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) && Object.keys(value).length > 0 && !isVariable([...prefix, key])
      ? leafPaths(value, [...prefix, key])
      : [[...prefix, key]],
  );
}

/** One environment variable: text, or a reference to a parameter or a secret, which makes sense as a whole only. */
function isVariable(path: readonly string[]): boolean {
  return path.at(-2) === "environment" && path.at(-4) === "functions";
}

function merge(below: Tree, above: Tree, path: readonly string[] = []): Tree {
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => {
      if (!Object.hasOwn(above, key)) return [key, below[key]];
      const under = Object.hasOwn(below, key) ? below[key] : undefined;
      const over = above[key];
      const own = [...path, key];
      const both = isTree(under) && isTree(over) && !isVariable(own);
      return [key, both ? merge(under, over, own) : over];
    }),
  );
}
