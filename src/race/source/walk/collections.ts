import type { AnyNode } from "acorn";
import { isOneOf } from "./keys.ts";
import { share } from "./names.ts";
import { elementOf, putInto, wholeOf } from "./properties.ts";
import { type Thing, type Value, answer, mix, nothing, thingValue } from "./value.ts";
import type { Walk } from "./walk.ts";

/** Methods that call a function later. */
export const lateMethods = new Set(["then", "catch", "finally", "on", "once", "addListener"]);
/** Methods that call a function now, with what is in the collection. */
export const takesEach = new Set([
  "every",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "flatMap",
  "forEach",
  "map",
  "reduce",
  "reduceRight",
  "some",
  "sort",
  "toSorted",
]);

const classes =
  /^(?:Map|Set|WeakMap|WeakSet|Array|URLSearchParams|Headers|FormData|(?:Uint|Int|Float|BigInt|BigUint)\d+(?:Clamped)?Array)$/;
export const isCollectionClass = (name: string) => classes.test(name);

type Method = (walk: Walk, thing: Thing, args: readonly Value[], node: AnyNode) => Value;

const put: Method = (walk, thing, args, node) => {
  const value = mix(args);
  const known = thing.properties.get("*");
  thing.properties.set("*", {
    ...value,
    things: [...(known?.things ?? []), ...args.flatMap(({ things }) => things)],
  });
  if (thing.shared && thing.keyed !== true) {
    walk.write(`${thing.key}.*`, thing.label, "added", value, node);
    for (const inner of args.flatMap(({ things }) => things))
      if (inner.kind === "resolver") share(inner, thing.label);
  }
  return nothing;
};

const set: Method = (walk, thing, args, node) => {
  const [key = nothing, value] = args;
  // `buffer.set(bytes)`
  if (!value) return overwrite(walk, thing, args, node);
  const name = key.text ?? (isOneOf(key) ? undefined : "(one key)");
  putInto(walk, thing, name, key, value, node);
  return thingValue(thing);
};

const get: Method = (walk, thing, [key = nothing], node) => {
  if (isOneOf(key)) {
    walk.glance(thing);
    const things = [...thing.properties.values()].flatMap((value) => value.things);
    return { ...nothing, request: key.request, things };
  }
  const name = key.text ?? "(one key)";
  const value = thing.properties.get(name) ?? nothing;
  return { ...value, ...(thing.shared ? walk.read(`${thing.key}.${name}`, node) : {}) };
};

const has: Method = (walk, thing, args, node) => ({ ...get(walk, thing, args, node), things: [] });

const remove: Method = (walk, thing, _args, node) => {
  if (thing.shared) walk.write(thing.key, thing.label, "removed", nothing, node);
  return nothing;
};

const clear: Method = (walk, thing, _args, node) => {
  if (thing.shared) walk.write(thing.key, thing.label, "emptied", nothing, node);
  return nothing;
};

/** Takes out what is in it. */
const take: Method = (walk, thing, args, node) => {
  const content = elementOf(walk, thingValue(thing), node);
  (args.length === 1 && args[0]?.text === "0" ? clear : remove)(walk, thing, args, node);
  return content;
};

/** Bytes written over what was there. */
const overwrite: Method = (walk, thing, args, node) => {
  const value = mix(args);
  thing.properties.set("*", value);
  if (thing.shared) walk.write(`${thing.key}.*`, thing.label, "assigned", value, node);
  return nothing;
};

const methods: Readonly<Record<string, Method>> = {
  add: put,
  append: put,
  clear,
  delete: remove,
  fill: overwrite,
  get,
  has,
  pop: take,
  push: put,
  set,
  shift: take,
  splice: take,
  unshift: put,
  write: overwrite,
};

/** A method of an array, map, set or buffer; all that is not known reads all that is in it. */
export function callCollection(
  walk: Walk,
  thing: Thing,
  method: string,
  args: readonly Value[],
  node: AnyNode,
): Value {
  const known = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (known) return known(walk, thing, args, node);
  if (/^write[A-Z]/.test(method)) return overwrite(walk, thing, args, node);
  const whole = wholeOf(walk, thingValue(thing), node);
  return { ...answer([whole, ...args]), things: elementOf(walk, thingValue(thing), node).things };
}
