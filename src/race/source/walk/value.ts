import type { AnyNode, Class, Function } from "acorn";
import type { Use } from "./flow.ts";

/** A function's node, which has a type, unlike acorn's own. */
export type FunctionNode = Function & AnyNode;
export type ClassNode = Class & AnyNode;

/** Something with an identity: what two requests can hold at the same time. */
export interface Thing {
  readonly kind:
    | "function"
    | "class"
    | "object"
    | "collection"
    | "context"
    | "module"
    | "pattern"
    | "library"
    | "global"
    /** lets one request at a time through */
    | "lock"
    /** ends a promise when it is called */
    | "resolver";
  /** Where it is kept, unique: "state#12", "process.env". */
  readonly key: string;
  /** As the source calls it. */
  label: string;
  /** Lives longer than a request. */
  shared: boolean;
  /** It lies under a key that depends on the request: what is put into it later is kept apart, as it is. */
  keyed?: boolean;
  readonly node?: FunctionNode | ClassNode;
  /** Of what it was made: the class of an instance. */
  readonly made?: ClassNode;
  /** What `this` is in a method. */
  readonly self?: Thing;
  readonly properties: Map<string, Value>;
  readonly getters: Map<string, Thing>;
  /** Of a library or a global: what it is called there; of a regular expression: its flags. */
  readonly name?: string;
}

/** What the walk knows of a value. */
export interface Value {
  /** It depends on the request. */
  readonly request: boolean;
  /** Time or chance: another one for every request. */
  readonly fresh: boolean;
  /** A text that is the same for every request. */
  readonly text?: string;
  readonly things: readonly Thing[];
  /** Places it was computed from, with the number of awaits before that. */
  readonly from?: ReadonlyMap<string, number>;
  /** Reads of what other requests may have put there, which it was made of. */
  readonly content?: ReadonlySet<Use>;
  /** Variables whose promise is over before this one begins: `before.then(…)`. */
  readonly after?: readonly string[];
  /** The calls that made this promise, one of the other's: `before.then(…).catch(…)`. */
  readonly chain?: readonly string[];
  /** Turns that whoever has waited for it is in: `mutex.acquire()`. */
  readonly turns?: readonly string[];
  /** A promise that is over when this is called. */
  readonly promise?: Thing;
}

export const nothing: Value = { request: false, fresh: false, things: [] };
export const ofRequest: Value = { ...nothing, request: true };
/** No other request has the same. */
export const ofOneRequest: Value = { ...nothing, request: true, fresh: true };
export const ofChance: Value = { ...nothing, fresh: true };

export function thingValue(...things: readonly Thing[]): Value {
  return { ...nothing, things };
}

/** What may be either. */
export function join(values: readonly Value[]): Value {
  if (values.length === 1 && values[0]) return values[0];
  const [first] = values;
  const text =
    first?.text !== undefined && values.every((value) => value.text === first.text)
      ? first.text
      : undefined;
  const after = values.flatMap((value) => value.after ?? []);
  const turns = values.flatMap((value) => value.turns ?? []);
  const chain = values.flatMap((value) => value.chain ?? []);
  const promise = values.find((value) => value.promise)?.promise;
  return {
    ...mix(values),
    things: [...new Set(values.flatMap(({ things }) => things))],
    ...(text === undefined ? {} : { text }),
    ...(after.length === 0 ? {} : { after: [...new Set(after)] }),
    ...(chain.length === 0 ? {} : { chain: [...new Set(chain)] }),
    ...(turns.length === 0 ? {} : { turns: [...new Set(turns)] }),
    ...(promise ? { promise } : {}),
  };
}

/** What is computed from all of them: none of the things themselves. */
export function mix(values: readonly Value[]): Value {
  const from = values.flatMap((value) => [...(value.from ?? [])]);
  const content = values.flatMap((value) => [...(value.content ?? [])]);
  return {
    request: values.some(({ request }) => request),
    fresh: values.some(({ fresh }) => fresh),
    things: [],
    ...(from.length === 0 ? {} : { from: new Map(from) }),
    ...(content.length === 0 ? {} : { content: new Set(content) }),
  };
}

/** What a call makes of them: no sum that could lose an update. */
export function answer(values: readonly Value[]): Value {
  const { from: _, ...rest } = mix(values);
  return rest;
}

/** `key` says where it was made: two of the same place are one for the walk. */
export function createThing(
  kind: Thing["kind"],
  label: string,
  key: string,
  shared: boolean,
  more: Partial<Pick<Thing, "node" | "self" | "made" | "name">> = {},
): Thing {
  return { kind, key, label, shared, properties: new Map(), getters: new Map(), ...more };
}
