import type { AnyNode, Identifier, Property } from "acorn";
import { evaluateCall, evaluateNew } from "./calls.ts";
import { evaluateClass } from "./classes.ts";
import { keyName, locationOf, moduleName } from "./names.ts";
import { imported, library, outside } from "./outside.ts";
import { assignPattern } from "./patterns.ts";
import { elementOf, propertyOf, putInto } from "./properties.ts";
import { turnsOf } from "./turns.ts";
import {
  type FunctionNode,
  type Thing,
  type Value,
  createThing,
  join,
  mix,
  nothing,
  thingValue,
} from "./value.ts";
import type { Walk } from "./walk.ts";

type Evaluate<T extends AnyNode["type"]> = (
  walk: Walk,
  node: Extract<AnyNode, { type: T }>,
) => Value;

const expressions: { readonly [T in AnyNode["type"]]?: Evaluate<T> } = {
  Identifier: identifier,
  Literal: (walk, node) => {
    if (node.regex)
      return thingValue(
        createThing("pattern", "", `//@${node.start}`, walk.atStart, { name: node.regex.flags }),
      );
    return node.value === null ? nothing : { ...nothing, text: String(node.value) };
  },
  ThisExpression: (walk) => (walk.self ? thingValue(walk.self) : nothing),
  ParenthesizedExpression: (walk, { expression }) => walk.evaluate(expression),
  ChainExpression: (walk, { expression }) => walk.evaluate(expression),
  TemplateLiteral: (walk, { quasis, expressions: parts }) => {
    const values = parts.map((part) => walk.evaluate(part));
    const texts = quasis.map(({ value }, index) => [
      value.cooked ?? "",
      index < values.length ? values[index]?.text : "",
    ]);
    const text = texts.flat().every((part) => part !== undefined)
      ? texts.flat().join("")
      : undefined;
    return { ...mix(values), ...(text === undefined ? {} : { text }) };
  },
  TaggedTemplateExpression: (walk, { tag, quasi }) =>
    mix([walk.evaluate(tag), ...quasi.expressions.map((part) => walk.evaluate(part))]),
  BinaryExpression: (walk, { operator, left, right }) => {
    const values = [walk.evaluate(left), walk.evaluate(right)];
    const [one, other] = values;
    const { request, fresh, ...rest } = mix(values);
    // What is compared is not what is computed.
    if (!/^[-+*/%|&^]|^\*\*$/.test(operator)) return { ...nothing, request, fresh };
    const text =
      operator === "+" && one?.text !== undefined && other?.text !== undefined
        ? one.text + other.text
        : undefined;
    return { ...rest, request, fresh, ...(text === undefined ? {} : { text }) };
  },
  UnaryExpression: (walk, { operator, argument }) => {
    const { request, fresh } = walk.evaluate(argument);
    if (operator === "delete" && argument.type === "MemberExpression") remove(walk, argument);
    return { ...nothing, request, fresh };
  },
  UpdateExpression: (walk, node) => {
    const value = mix([walk.evaluate(node.argument)]);
    assignPattern(walk, node.argument, value, node);
    return value;
  },
  AssignmentExpression: assignment,
  LogicalExpression: (walk, { left, right }) => {
    const { value, guards } = walk.test(left);
    const values = [value];
    walk.branch(
      () => walk.within(guards, () => void values.push(walk.evaluate(right))),
      () => {},
    );
    return join(values);
  },
  ConditionalExpression: (walk, { test, consequent, alternate }) => {
    const { guards } = walk.test(test);
    const values: Value[] = [];
    walk.branch(
      () => walk.within(guards, () => void values.push(walk.evaluate(consequent))),
      () => walk.within(guards, () => void values.push(walk.evaluate(alternate))),
    );
    return join(values);
  },
  SequenceExpression: (walk, { expressions: parts }) =>
    parts.map((part) => walk.evaluate(part)).at(-1) ?? nothing,
  AwaitExpression: (walk, node) => {
    walk.awaited.add(node.argument);
    const value = walk.evaluate(node.argument);
    walk.pause(node);
    for (const turn of turnsOf(walk, value)) walk.flow.take(turn);
    return value;
  },
  YieldExpression: (walk, { argument }) => walk.evaluate(argument),
  SpreadElement: (walk, { argument }) => elementOf(walk, walk.evaluate(argument), argument),
  MemberExpression: (walk, node) => {
    const base = walk.evaluate(node.object);
    const key = node.computed ? walk.evaluate(node.property) : nothing;
    const name = node.computed ? key.text : keyName(node.property);
    return propertyOf(walk, base, name, key, node);
  },
  FunctionExpression: functionValue,
  ArrowFunctionExpression: functionValue,
  ClassExpression: (walk, node) => evaluateClass(walk, node),
  ClassDeclaration: (walk, node) => evaluateClass(walk, node),
  ObjectExpression: object,
  ArrayExpression: (walk, node) => {
    const values = node.elements.map((element) => walk.evaluate(element));
    const thing = createThing("collection", "", `[]@${node.start}`, walk.atStart);
    thing.properties.set("*", join([nothing, ...values]));
    return { ...mix(values), things: [thing] };
  },
  CallExpression: evaluateCall,
  NewExpression: evaluateNew,
  ImportExpression: (walk, { source }) => {
    const { text } = walk.evaluate(source);
    return text === undefined ? nothing : thingValue(library(walk, moduleName(text)));
  },
};

export function evaluateExpression(walk: Walk, node: AnyNode): Value {
  const evaluate = expressions[node.type] as Evaluate<AnyNode["type"]> | undefined;
  return evaluate?.(walk, node) ?? nothing;
}

const helper = /^__(?:commonJS|esm|export|name|require|toCommonJS|toESM)$/;

function identifier(walk: Walk, node: Identifier): Value {
  const variable = walk.code.variable(node);
  // The bundle has esbuild's helpers, and what they do is known.
  if (!variable || helper.test(node.name)) return outside(walk, node.name);
  const [definition] = variable.defs;
  if (definition?.type === "ImportBinding") return imported(walk, definition);
  if (!walk.values.has(variable) && definition?.type === "FunctionName")
    walk.values.set(variable, functionValue(walk, definition.node as unknown as FunctionNode));
  const value = walk.values.get(variable) ?? nothing;
  // What is only declared with a value never changes.
  const changes = variable.references.some((reference) => reference.isWrite() && !reference.init);
  if (!changes || !walk.outlives(variable)) return value;
  return { ...value, ...walk.read(locationOf(variable), node) };
}

function functionValue(walk: Walk, node: AnyNode): Value {
  const arrow = node.type === "ArrowFunctionExpression";
  const thing = createThing("function", "", `function@${node.start}`, walk.atStart, {
    node: node as FunctionNode,
    ...(arrow && walk.self ? { self: walk.self } : {}),
  });
  // It brings along what it uses of the function around it.
  const request =
    !walk.atStart &&
    walk.code.outerVariables(node).some((variable) => walk.values.get(variable)?.request);
  return { ...nothing, request, things: [thing] };
}

function assignment(walk: Walk, node: Extract<AnyNode, { type: "AssignmentExpression" }>): Value {
  const { operator, left, right } = node;
  if (operator === "=") {
    const kept = right.type === "LogicalExpression" && sameTarget(left, right.left);
    const value = walk.evaluate(right);
    walk.within(kept, () => assignPattern(walk, left, value, node));
    return value;
  }
  const before = walk.evaluate(left);
  if (operator === "??=" || operator === "||=" || operator === "&&=") {
    const values = [before];
    walk.branch(
      () =>
        walk.within(true, () => {
          const value = walk.evaluate(right);
          values.push(value);
          assignPattern(walk, left, value, node);
        }),
      () => {},
    );
    return join(values);
  }
  const value = mix([before, walk.evaluate(right)]);
  assignPattern(walk, left, value, node);
  return value;
}

function sameTarget(left: AnyNode, other: AnyNode): boolean {
  if (left.type === "Identifier") return other.type === "Identifier" && other.name === left.name;
  if (left.type !== "MemberExpression" || other.type !== "MemberExpression") return false;
  return (
    keyName(left.property) === keyName(other.property) && sameTarget(left.object, other.object)
  );
}

function object(walk: Walk, node: Extract<AnyNode, { type: "ObjectExpression" }>): Value {
  const thing = createThing("object", "", `{}@${node.start}`, walk.atStart);
  const values = node.properties.map((property) => {
    if (property.type === "Property") return setProperty(walk, thing, property);
    const spread = walk.evaluate(property.argument);
    for (const inner of spread.things)
      for (const [name, value] of inner.properties) thing.properties.set(name, value);
    return elementOf(walk, spread, property);
  });
  return { ...mix(values), things: [thing] };
}

function setProperty(walk: Walk, thing: Thing, property: Property): Value {
  const name = property.computed ? walk.evaluate(property.key).text : keyName(property.key);
  const value = walk.evaluate(property.value);
  const [made] = value.things;
  if (property.kind === "get" && made && name !== undefined) thing.getters.set(name, made);
  else thing.properties.set(name ?? "*", methodOf(property, thing, value));
  return value;
}

/** In a method, `this` is the object. */
function methodOf(property: Property, self: Thing, value: Value): Value {
  if (property.value.type !== "FunctionExpression") return value;
  return { ...value, things: value.things.map((thing) => ({ ...thing, self })) };
}

function remove(walk: Walk, member: Extract<AnyNode, { type: "MemberExpression" }>): void {
  const key = member.computed ? walk.evaluate(member.property) : nothing;
  const name = member.computed ? key.text : keyName(member.property);
  for (const thing of walk.evaluate(member.object).things) {
    if (name !== undefined) putInto(walk, thing, name, nothing, nothing, member);
    else if (thing.shared) walk.write(thing.key, thing.label, "removed", nothing, member);
  }
}
