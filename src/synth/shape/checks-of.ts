import { z } from "zod";
import { type Refinement, refinements } from "../refinements.ts";
import type { Range } from "./shape.ts";

/** What a schema checks besides the kind of value. */
export interface Checks {
  readonly patterns: readonly string[];
  readonly size: Range;
  readonly range: Range;
  readonly unique: boolean;
  readonly refinements: readonly Refinement[];
}

type Check = z.core.$ZodCheck;

const LEAST = { min_length: "size", greater_than: "range" } as const;
const MOST = { max_length: "size", less_than: "range" } as const;

/** undefined where a check has a form that is not known here. A check by a function must have a name or say itself as JSON Schema. */
export function checksOf(schema: z.core.$ZodType, checks: readonly Check[]): Checks | undefined {
  const said = z.globalRegistry.get(schema) ?? {};
  const limits = checks.map(limitOf).filter((limit) => limit !== undefined);
  const patterns = checks.map(patternOf).filter((pattern) => pattern !== undefined);
  const functions = checks.map(functionOf).filter((own) => own !== undefined);
  if (limits.length + patterns.length + functions.length !== checks.length) return undefined;

  const named = Object.entries(refinements).filter(([, own]) => functions.includes(own));
  // For every other function a sentence of JSON Schema; both are held together by test/synth/shape/shape.test.ts.
  const sentences = ["minProperties", "maxProperties", "uniqueItems"].filter((key) => key in said);
  if (functions.length !== named.length + sentences.length) return undefined;
  const counted: Limit[] = [
    ...numbersOf(said["minProperties"]).map((value) => ({ of: "size", least: value }) as const),
    ...numbersOf(said["maxProperties"]).map((value) => ({ of: "size", most: value }) as const),
  ];
  return {
    patterns,
    size: rangeOf([...limits, ...counted].filter(({ of }) => of === "size")),
    range: rangeOf(limits.filter(({ of }) => of === "range")),
    unique: said["uniqueItems"] === true,
    refinements: named.map(([name]) => name as Refinement),
  };
}

export const isWithoutChecks = ({ patterns, size, range, unique }: Checks): boolean =>
  patterns.length === 0 && [...size, ...range].every((end) => end === null) && !unique;

interface Limit {
  readonly of: "size" | "range";
  readonly least?: number;
  readonly most?: number;
}

function limitOf(check: Check): Limit | undefined {
  const def = definitionOf(check);
  const [value] = numbersOf(def["value"] ?? def["minimum"] ?? def["maximum"]);
  if (value === undefined || def["inclusive"] === false) return undefined;
  const kind = String(def["check"]);
  if (kind in LEAST) return { of: LEAST[kind as keyof typeof LEAST], least: value };
  return kind in MOST ? { of: MOST[kind as keyof typeof MOST], most: value } : undefined;
}

function patternOf(check: Check): string | undefined {
  const { check: kind, format, pattern } = definitionOf(check);
  const isPlain = kind === "string_format" && format === "regex" && pattern instanceof RegExp;
  return isPlain && pattern.flags === "" ? pattern.source : undefined;
}

function functionOf(check: Check): unknown {
  const { check: kind, fn } = definitionOf(check);
  return kind === "custom" ? fn : undefined;
}

function definitionOf({ _zod: { def } }: Check): Readonly<Record<string, unknown>> {
  return { ...def };
}

function rangeOf(limits: readonly Limit[]): Range {
  const least = limits.flatMap((limit) => numbersOf(limit.least));
  const most = limits.flatMap((limit) => numbersOf(limit.most));
  return [least.length > 0 ? Math.max(...least) : null, most.length > 0 ? Math.min(...most) : null];
}

const numbersOf = (value: unknown): number[] => (typeof value === "number" ? [value] : []);
