import type { AnyNode, MethodDefinition } from "acorn";
import { keyName } from "./names.ts";
import {
  type ClassNode,
  type FunctionNode,
  type Thing,
  type Value,
  answer,
  createThing,
  thingValue,
} from "./value.ts";
import type { Walk } from "./walk.ts";

interface Member {
  readonly node: FunctionNode;
  readonly getter: boolean;
}

/** A method or getter, of the class or one that it extends. */
export function memberOfClass(
  walk: Walk,
  node: ClassNode,
  name: string,
  isStatic: boolean,
): Member | undefined {
  const member = methodsOf(node).find(
    (method) =>
      method.static === isStatic &&
      method.kind !== "constructor" &&
      method.kind !== "set" &&
      keyName(method.key) === name,
  );
  if (member) return { node: member.value, getter: member.kind === "get" };
  const parent = walk.parents.get(node);
  return parent && memberOfClass(walk, parent, name, isStatic);
}

export function methodsOf(node: ClassNode): readonly MethodDefinition[] {
  return node.body.body.filter((member) => member.type === "MethodDefinition");
}

/** The class itself, with what is static in it. */
export function evaluateClass(walk: Walk, node: ClassNode): Value {
  const name = node.id?.name ?? "";
  const thing = createThing("class", name, `class ${name}@${node.start}`, walk.atStart, { node });
  const parent = walk.evaluate(node.superClass).things.find(({ kind }) => kind === "class");
  if (parent?.node) walk.parents.set(node, parent.node as ClassNode);
  for (const method of methodsOf(node)) {
    const key = method.static ? keyName(method.key) : undefined;
    if (key === undefined) continue;
    const made = createThing("function", key, `${thing.key}.${key}`, walk.atStart, {
      node: method.value,
      self: thing,
    });
    if (method.kind === "get") thing.getters.set(key, made);
    else thing.properties.set(key, thingValue(made));
  }
  setFields(walk, node, thing, true);
  return thingValue(thing);
}

function setFields(walk: Walk, node: ClassNode, thing: Thing, isStatic: boolean): void {
  for (const member of node.body.body) {
    if (member.type !== "PropertyDefinition" || member.static !== isStatic) continue;
    const name = member.computed ? undefined : keyName(member.key);
    if (name === undefined) continue;
    const value = walk.as(thing, () => walk.evaluate(member.value));
    thing.properties.set(name, value);
    for (const inner of value.things)
      if (inner.label === "") inner.label = `${thing.label}.${name}`;
  }
}

/** `new` of a class of the project. */
export function construct(walk: Walk, node: ClassNode, args: readonly Value[], at: AnyNode): Value {
  const thing = createThing("object", "", `new ${node.id?.name ?? ""}@${at.start}`, walk.atStart, {
    made: node,
  });
  initialise(walk, node, thing, args, at);
  const held = [...thing.properties.values()];
  return { ...answer(held), things: [thing] };
}

/** Fields and constructor, of the class that it extends first. */
export function initialise(
  walk: Walk,
  node: ClassNode,
  thing: Thing,
  args: readonly Value[],
  at: AnyNode,
): void {
  const parent = walk.parents.get(node);
  const own = methodsOf(node).find(({ kind }) => kind === "constructor");
  // With a constructor of its own, `super(…)` is what calls the other one.
  if (parent && !own) initialise(walk, parent, thing, args, at);
  setFields(walk, node, thing, false);
  if (!own) return;
  const made = createThing("function", "constructor", `${thing.key}.constructor`, false, {
    node: own.value,
    self: thing,
  });
  walk.call(made, args, at);
}
