import { isRecord } from "../../is-record.ts";
import { type Refinement, refinements } from "../refinements.ts";

/**
 * A schema as plain data, enough to say of most right values that they are right, without loading zod: it takes half of
 * what `lmi validate` may take. What is not surely right is for zod to judge, which also has the words for it.
 */
export type Shape =
  /** Only zod can tell. */
  | { readonly is: "unsure" }
  | { readonly is: "anything" | "boolean" | "number" }
  | { readonly is: "text"; readonly patterns: readonly string[]; readonly size: Range }
  | { readonly is: "whole"; readonly range: Range }
  | { readonly is: "choice"; readonly of: readonly unknown[] }
  | { readonly is: "union"; readonly of: readonly ShapeNumber[] }
  | {
      readonly is: "kinds";
      readonly key: string;
      readonly of: Readonly<Record<string, ShapeNumber>>;
    }
  | {
      readonly is: "list";
      readonly of: ShapeNumber;
      readonly size: Range;
      readonly unique: boolean;
    }
  | {
      readonly is: "record";
      readonly key: ShapeNumber;
      readonly of: ShapeNumber;
      readonly size: Range;
    }
  | {
      readonly is: "object";
      readonly keys: Readonly<Record<string, ShapeNumber>>;
      readonly loose: boolean;
    }
  | { readonly is: "optional"; readonly of: ShapeNumber }
  /** What is right by `of`, and by functions. */
  | {
      readonly is: "refined";
      readonly of: ShapeNumber;
      readonly by: readonly Refinement[];
    }
  /** Of what is left out: `value` as it is, or as something to be read itself (zod's prefault). */
  | { readonly is: "default" | "prefault"; readonly of: ShapeNumber; readonly value: unknown };

/** Place in the list of all shapes: many settings share one. */
export type ShapeNumber = number;

/** From, to; null for no end. */
export type Range = readonly [number | null, number | null];

const REFUSED = Symbol("refused");
const UNSURE = Symbol("unsure");
type Kind = Shape["is"];
type Of<K extends Kind> = Extract<Shape, { is: K }>;
type Read = (shape: ShapeNumber, value: unknown) => unknown;

/** The value with its defaults, as zod would give it; undefined where it is wrong or zod has to look. */
export function readSurely(shapes: readonly Shape[], root: ShapeNumber, value: unknown): unknown {
  const read: Read = (number, given) => {
    const shape = shapes[number];
    return shape ? readers[shape.is](shape as never, given, read) : UNSURE;
  };
  const result = read(root, value);
  return isValue(result) ? result : undefined;
}

const isValue = (result: unknown) => result !== REFUSED && result !== UNSURE;
const when = (isRight: boolean, value: unknown) => (isRight ? value : REFUSED);

const readers: { [K in Kind]: (shape: Of<K>, value: unknown, read: Read) => unknown } = {
  unsure: () => UNSURE,
  // Nothing at all is a case of its own in zod.
  anything: (_, value) => (value === undefined ? UNSURE : value),
  boolean: (_, value) => when(typeof value === "boolean", value),
  number: (_, value) => when(typeof value === "number" && Number.isFinite(value), value),
  text: ({ patterns, size }, value) =>
    when(
      typeof value === "string" &&
        isWithin(value.length, size) &&
        patterns.every((pattern) => new RegExp(pattern).test(value)),
      value,
    ),
  whole: ({ range }, value) =>
    when(typeof value === "number" && Number.isSafeInteger(value) && isWithin(value, range), value),
  choice: ({ of }, value) => when(of.includes(value), value),
  union: ({ of }, value, read) => {
    for (const option of of) {
      const result = read(option, value);
      if (result !== REFUSED) return result;
    }
    return REFUSED;
  },
  kinds: ({ key, of }, value, read) => {
    if (!isRecord(value)) return REFUSED;
    const kind = value[key];
    return typeof kind === "string" && Object.hasOwn(of, kind)
      ? read(of[kind] ?? -1, value)
      : REFUSED;
  },
  list: ({ of, size, unique }, value, read) => {
    if (!Array.isArray(value)) return REFUSED;
    if (!isWithin(value.length, size)) return REFUSED;
    const items = value.map((item) => read(of, item));
    return firstWrong(items) ?? when(!unique || new Set(items).size === items.length, items);
  },
  record: ({ key, of, size }, value, read) => {
    const entries = entriesOf(value);
    if (typeof entries === "symbol") return entries;
    if (!isWithin(entries.length, size)) return REFUSED;
    const keys = entries.map(([name]) => read(key, name));
    const values = entries.map(([, item]) => read(of, item));
    return (
      firstWrong(keys) ??
      firstWrong(values) ??
      Object.fromEntries(entries.map(([name], index) => [name, values[index]]))
    );
  },
  object: ({ keys, loose }, value, read) => {
    const entries = entriesOf(value);
    if (typeof entries === "symbol") return entries;
    const given = new Map(entries);
    const others = entries.filter(([name]) => !Object.hasOwn(keys, name));
    if (!loose && others.length > 0) return REFUSED;
    const own = Object.entries(keys).map(
      ([name, of]) => [name, read(of, given.get(name))] as const,
    );
    return (
      firstWrong(own.map(([, result]) => result)) ??
      Object.fromEntries([...own.filter(([, result]) => result !== undefined), ...others])
    );
  },
  refined: ({ of, by }, value, read) => {
    const result = read(of, value);
    if (!isValue(result)) return result;
    return when(
      by.every((name) => (refinements[name] as (given: unknown) => boolean)(result)),
      result,
    );
  },
  optional: ({ of }, value, read) => (value === undefined ? undefined : read(of, value)),
  default: ({ of, value: instead }, value, read) =>
    value === undefined ? copied(instead) : read(of, value),
  prefault: ({ of, value: instead }, value, read) =>
    read(of, value === undefined ? copied(instead) : value),
};

/** Not more than once: an unsure part makes the whole unsure, whatever else is refused. */
function firstWrong(results: readonly unknown[]): symbol | undefined {
  if (results.includes(UNSURE)) return UNSURE;
  return results.includes(REFUSED) ? REFUSED : undefined;
}

/** Of a plain object with values only; lmi.config.ts may make others, which zod looks at. */
function entriesOf(value: unknown): [string, unknown][] | symbol {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return REFUSED;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return UNSURE;
  const entries = Object.entries(value);
  const isPlain =
    entries.length === Reflect.ownKeys(value).length &&
    entries.every(([name, item]) => name !== "__proto__" && item !== undefined);
  return isPlain ? entries : UNSURE;
}

function isWithin(value: number, [least, most]: Range): boolean {
  return (least === null || value >= least) && (most === null || value <= most);
}

/** Nobody changes another one's default. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return [...(value as unknown[])];
  return isRecord(value) ? { ...value } : value;
}
