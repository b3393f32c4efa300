import type { AnyNode, Pattern } from "acorn";
import { keyName } from "./names.ts";
import { propertyOf, writeProperty } from "./properties.ts";
import { type Value, join, mix, nothing } from "./value.ts";
import type { Walk } from "./walk.ts";

interface Target {
  readonly value: Value;
  /** Where the assignment stands. */
  readonly node: AnyNode;
  /** It is a declaration or a parameter. */
  readonly declares: boolean;
}

type Assign<T extends AnyNode["type"]> = (
  walk: Walk,
  pattern: Extract<AnyNode, { type: T }>,
  target: Target,
) => void;

const patterns: { readonly [T in AnyNode["type"]]?: Assign<T> } = {
  Identifier: (walk, pattern, { value, node, declares }) => {
    const variable = declares ? walk.code.variable(pattern) : undefined;
    if (variable && !walk.outlives(variable)) walk.values.set(variable, named(value, pattern.name));
    else walk.assign(pattern, value, node);
  },
  MemberExpression: (walk, pattern, { value, node }) => writeProperty(walk, pattern, value, node),
  AssignmentPattern: (walk, { left, right }, { value, node, declares }) =>
    assignPattern(walk, left, join([value, walk.evaluate(right)]), node, declares),
  RestElement: (walk, { argument }, { value, node, declares }) =>
    assignPattern(walk, argument, mix([value]), node, declares),
  ArrayPattern: (walk, { elements }, { value, node, declares }) => {
    for (const element of elements)
      if (element) assignPattern(walk, element, mix([value]), node, declares);
  },
  ObjectPattern: (walk, { properties }, { value, node, declares }) => {
    for (const property of properties) {
      if (property.type === "RestElement") assignPattern(walk, property, value, node, declares);
      else assignProperty(walk, property, value, node, declares);
    }
  },
};

/** Gives what stands left of an `=`, or a parameter, its value. */
export function assignPattern(
  walk: Walk,
  pattern: AnyNode,
  value: Value,
  node: AnyNode,
  declares = false,
): void {
  const assign = patterns[pattern.type] as Assign<AnyNode["type"]> | undefined;
  assign?.(walk, pattern, { value, node, declares });
}

function assignProperty(
  walk: Walk,
  property: { computed: boolean; key: AnyNode; value: Pattern },
  value: Value,
  node: AnyNode,
  declares: boolean,
): void {
  const name = property.computed ? undefined : keyName(property.key);
  const inner = propertyOf(walk, value, name, nothing, property.key);
  assignPattern(walk, property.value, inner, node, declares);
}

/** A thing without a name is called after the variable that gets it first. */
function named(value: Value, name: string): Value {
  for (const thing of value.things) if (thing.label === "") thing.label = name;
  return value;
}
