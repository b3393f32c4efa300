import { isRecord } from "../../../is-record.ts";
import { sameValue } from "../property-changes.ts";
import type { PropertyData, ShapeData } from "../resource-data.ts";

/** As DescribeStackResourceDrifts gives it: values are text, JSON where they are no scalars. */
export interface PropertyDifference {
  readonly PropertyPath: string;
  readonly ExpectedValue: string;
  readonly ActualValue: string;
  readonly DifferenceType: "ADD" | "REMOVE" | "NOT_EQUAL";
}

type Values = Readonly<Record<string, unknown>>;

/** Where properties are what the template says, and where not. Only what the template gives counts. */
export function propertyDifferences(
  known: Readonly<Record<string, PropertyData>>,
  expected: Values,
  actual: Values,
): PropertyDifference[] {
  return Object.keys(expected).flatMap((name) =>
    valueDifferences(known[name]?.shape, expected[name], actual[name], `/${name}`),
  );
}

/** Of objects with known members, those that the template gives; defaults that the service adds are no drift. */
export function asGiven(shape: ShapeData | undefined, expected: unknown, actual: unknown): unknown {
  if (shape?.kind !== "object" || !isRecord(expected) || !isRecord(actual)) return actual;
  const members = shape.properties();
  return Object.fromEntries(
    Object.keys(expected)
      .filter((name) => actual[name] !== undefined)
      .map((name) => [name, asGiven(members[name]?.shape, expected[name], actual[name])]),
  );
}

function valueDifferences(
  shape: ShapeData | undefined,
  expected: unknown,
  actual: unknown,
  path: string,
): PropertyDifference[] {
  if (sameValue(expected, actual)) return [];
  if (actual === undefined) return [difference("REMOVE", path, expected, undefined)];
  if (expected === undefined) return [difference("ADD", path, undefined, actual)];
  if (Array.isArray(expected) && Array.isArray(actual))
    return itemDifferences(expected, actual, path);
  if (!isRecord(expected) || !isRecord(actual)) {
    return [difference("NOT_EQUAL", path, expected, actual)];
  }
  const members = shape?.kind === "object" ? shape.properties() : {};
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) =>
    valueDifferences(members[name]?.shape, expected[name], actual[name], `${path}/${name}`),
  );
}

/** The order of a list is no drift. What has changed in its place is told in full, the rest was removed or added. */
function itemDifferences(
  expected: readonly unknown[],
  actual: readonly unknown[],
  path: string,
): PropertyDifference[] {
  const added = new Map(actual.entries());
  const removed = [...expected.entries()].filter(([, item]) => {
    const same = [...added].find(([, other]) => sameValue(item, other));
    if (same) added.delete(same[0]);
    return !same;
  });
  const gone = removed.flatMap(([index, item]) => {
    const other = added.get(index);
    if (!isRecord(item) || !isRecord(other)) {
      return [difference("REMOVE", `${path}/${index}`, item, undefined)];
    }
    added.delete(index);
    return valueDifferences(undefined, item, other, `${path}/${index}`);
  });
  return [
    ...gone,
    ...[...added].map(([index, item]) => difference("ADD", `${path}/${index}`, undefined, item)),
  ];
}

function difference(
  DifferenceType: PropertyDifference["DifferenceType"],
  PropertyPath: string,
  expected: unknown,
  actual: unknown,
): PropertyDifference {
  return {
    PropertyPath,
    ExpectedValue: valueText(expected),
    ActualValue: valueText(actual),
    DifferenceType,
  };
}

function valueText(value: unknown): string {
  if (value === undefined) return "null";
  return typeof value === "string" ? value : JSON.stringify(value);
}
