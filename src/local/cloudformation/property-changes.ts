import { isRecord } from "../../is-record.ts";
import { isDeepStrictEqual } from "node:util";
import type { PropertyData, Replacement, ResourceData, ShapeData } from "./resource-data.ts";

type Values = Readonly<Record<string, unknown>>;

export interface PropertyChange {
  /** Top-level property. */
  readonly name: string;
  /** JSON pointer of the changed value, e.g. `/Properties/Code/S3Key`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly replacement: Replacement;
}

/** Every changed value below the properties, and whether its change replaces the resource. */
export function propertyChanges(
  data: ResourceData | undefined,
  before: Values,
  after: Values,
): PropertyChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    if (sameValue(before[name], after[name])) return [];
    const property = data?.properties[name];
    return leafChanges(
      { name, path: [name], property, data },
      before[name],
      after[name],
      property?.replacement ?? "no",
    );
  });
}

interface Place {
  readonly name: string;
  readonly path: readonly string[];
  readonly property: PropertyData | undefined;
  readonly data: ResourceData | undefined;
}

function leafChanges(
  place: Place,
  before: unknown,
  after: unknown,
  inherited: Replacement,
): PropertyChange[] {
  const shape = place.property?.shape;
  if (
    isRecord(before) &&
    isRecord(after) &&
    shape &&
    (shape.kind === "object" || shape.kind === "map")
  ) {
    return childChanges(place, shape, before, after, inherited);
  }
  return [
    {
      name: place.name,
      path: `/Properties/${place.path.join("/")}`,
      before,
      after,
      replacement: strongest(inherited, listedReplacement(place.data, place.path)),
    },
  ];
}

function childChanges(
  place: Place,
  shape: ShapeData,
  before: Values,
  after: Values,
  inherited: Replacement,
): PropertyChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    if (sameValue(before[name], after[name])) return [];
    const child = childProperty(shape, name);
    return leafChanges(
      { ...place, path: [...place.path, name], property: child },
      before[name],
      after[name],
      strongest(inherited, child?.replacement ?? "no"),
    );
  });
}

function childProperty(shape: ShapeData, name: string): PropertyData | undefined {
  if (shape.kind === "object") return shape.properties()[name];
  if (shape.kind === "map") return { required: false, replacement: "no", shape: shape.element };
  return undefined;
}

function listedReplacement(data: ResourceData | undefined, path: readonly string[]): Replacement {
  const listed = data?.replacementPaths.some((known) =>
    known.every((part, index) => index >= path.length || part === "*" || part === path[index]),
  );
  return listed ? "yes" : "no";
}

function strongest(left: Replacement, right: Replacement): Replacement {
  if (left === "yes" || right === "yes") return "yes";
  return left === "maybe" || right === "maybe" ? "maybe" : "no";
}

/** `1` and `"1"`, `true` and `"true"` are the same to CloudFormation. */
export function sameValue(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(scalarsAsText(left), scalarsAsText(right));
}

function scalarsAsText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scalarsAsText);
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, scalarsAsText(item)]),
    );
  }
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** Whether the change makes a new resource. "maybe" depends on facts that only AWS knows: kept in place. */
export function replacementOf(changes: readonly PropertyChange[]): Replacement {
  return changes.reduce<Replacement>((all, change) => strongest(all, change.replacement), "no");
}

/**
 * The name that keeps a replacement from being made beside the old resource: the identifier is set in
 * the template and stays the same.
 */
export function customName(
  data: ResourceData | undefined,
  before: Values,
  after: Values,
): string | undefined {
  const parts = data?.identifier ?? [];
  if (parts.length === 0) return undefined;
  const values = parts.map((part) => after[part]);
  if (!values.every((value) => typeof value === "string")) return undefined;
  if (!parts.every((part) => sameValue(before[part], after[part]))) return undefined;
  return values.join("|");
}
