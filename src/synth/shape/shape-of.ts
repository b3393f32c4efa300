import { z } from "zod";
import { type Checks, checksOf, isWithoutChecks } from "./checks-of.ts";
import type { Shape, ShapeNumber } from "./shape.ts";

/** The shapes of a schema and of all that it is made of. What has no shape here is `unsure`: never a wrong guess. */
export function shapesOf(schema: z.core.$ZodType): {
  shapes: readonly Shape[];
  root: ShapeNumber;
} {
  const shapes: Shape[] = [{ is: "unsure" }];
  const known = new Map<z.core.$ZodType, ShapeNumber>();
  const numberOf = (one: z.core.$ZodType): ShapeNumber => {
    const before = known.get(one);
    if (before !== undefined) return before;
    const number = shapes.push({ is: "unsure" }) - 1;
    known.set(one, number);
    const checks = checksOf(one, definitionOf(one).checks ?? []);
    const shape = checks && shapeOf(definitionOf(one), checks, numberOf);
    if (!shape) return number;
    const by = checks.refinements;
    shapes[number] = by.length > 0 ? { is: "refined", of: shapes.push(shape) - 1, by } : shape;
    return number;
  };
  return { root: numberOf(schema), shapes };
}

type Def = z.core.$ZodTypes["_zod"]["def"];
type DefOf<T extends Def["type"]> = Extract<Def, { type: T }>;
type NumberOf = (schema: z.core.$ZodType) => ShapeNumber;
type Makers = {
  [T in Def["type"]]?: (def: DefOf<T>, numberOf: NumberOf, checks: Checks) => Shape | undefined;
};

function definitionOf(schema: z.core.$ZodType): Def {
  const { _zod: internals } = schema as z.core.$ZodTypes;
  return internals.def;
}

/** Kinds of values, and what is checked of them. */
const values: Makers = {
  unknown: () => ({ is: "anything" }),
  boolean: () => ({ is: "boolean" }),
  string: (def, _, { patterns, size }) => {
    if (!("format" in def)) return { is: "text", patterns, size };
    // A text of a format has its pattern in itself; of other formats zod asks more than that.
    const { format, pattern } = def as { format?: unknown; pattern?: unknown };
    return format === "datetime" && pattern instanceof RegExp && pattern.flags === ""
      ? { is: "text", patterns: [...patterns, pattern.source], size }
      : undefined;
  },
  number: (def, _, { range }) => {
    const format = "format" in def ? def.format : undefined;
    if (format === "safeint") return { is: "whole", range };
    const isAny = format === undefined && range.every((end) => end === null);
    return isAny ? { is: "number" } : undefined;
  },
  enum: ({ entries }) => ({ is: "choice", of: Object.values(entries) }),
  literal: ({ values: of }) => ({ is: "choice", of }),
  array: ({ element }, numberOf, { size, unique }) => ({
    is: "list",
    of: numberOf(element),
    size,
    unique,
  }),
  // Of a choice of keys, zod wants all.
  record: ({ keyType, valueType }, numberOf, { size }) =>
    definitionOf(keyType).type === "string"
      ? { is: "record", key: numberOf(keyType), of: numberOf(valueType), size }
      : undefined,
  object: ({ catchall, shape }, numberOf) => {
    const others = catchall && definitionOf(catchall).type;
    if (others !== "never" && others !== "unknown") return undefined;
    const keys = Object.entries(shape).map(([key, one]) => [key, numberOf(one)] as const);
    return { is: "object", keys: Object.fromEntries(keys), loose: others === "unknown" };
  },
};

/** What is made of other schemas, and has no checks of its own. */
const wrappers: Makers = {
  union: (def, numberOf) =>
    "discriminator" in def
      ? kindsShape(String(def.discriminator), def.options, numberOf)
      : { is: "union", of: def.options.map(numberOf) },
  optional: ({ innerType }, numberOf) => {
    // Inside of it a default would be made all the same.
    const { _zod: internals } = innerType;
    return internals.optin === undefined ? { is: "optional", of: numberOf(innerType) } : undefined;
  },
  default: ({ innerType, defaultValue: value }, numberOf) => ({
    is: "default",
    of: numberOf(innerType),
    value,
  }),
  prefault: ({ innerType, defaultValue: value }, numberOf) => ({
    is: "prefault",
    of: numberOf(innerType),
    value,
  }),
  lazy: ({ getter }, numberOf) => ({ is: "union", of: [numberOf(getter())] }),
};

function shapeOf(def: Def, checks: Checks, numberOf: NumberOf): Shape | undefined {
  const makers = isWithoutChecks(checks) ? { ...values, ...wrappers } : values;
  const make = makers[def.type] as
    | ((own: Def, numbers: NumberOf, all: Checks) => Shape | undefined)
    | undefined;
  return make?.(def, numberOf, checks);
}

function kindsShape(
  key: string,
  options: readonly z.core.$ZodType[],
  numberOf: NumberOf,
): Shape | undefined {
  const kinds = options.map((option) => {
    const def = definitionOf(option);
    const kind = def.type === "object" ? def.shape[key] : undefined;
    return kind instanceof z.ZodLiteral
      ? ([String(kind.value), numberOf(option)] as const)
      : undefined;
  });
  const all = kinds.filter((kind) => kind !== undefined);
  return all.length === kinds.length
    ? { is: "kinds", key, of: Object.fromEntries(all) }
    : undefined;
}
