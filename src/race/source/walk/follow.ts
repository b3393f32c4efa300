import type { AnyNode, ExportNamedDeclaration } from "acorn";
import type { BundleCode } from "../bundle-code.ts";
import { requestArguments } from "./calls.ts";
import { Flow } from "./flow.ts";
import { keyName } from "./names.ts";
import { type FunctionNode, type Thing, type Value, nothing } from "./value.ts";
import { Walk } from "./walk.ts";

export interface Followed {
  readonly walk: Walk;
  /** The handler's own function, where it is one of the project. */
  readonly handler: FunctionNode | undefined;
}

/** Loads the module, then lets a request come to the handler and to each function that a package was given. */
export function follow(code: BundleCode, handlerName: string): Followed {
  const walk = new Walk(code);
  for (const node of code.program.body) {
    walk.flow = new Flow();
    walk.run(node);
  }
  const handler = exported(walk, code.program.body, handlerName);
  walk.atStart = false;
  const own = handler.things.filter(({ kind }) => kind === "function");
  for (const thing of own) request(walk, thing, true);
  for (const thing of walk.handedOut) if (!own.includes(thing)) request(walk, thing, false);
  const [first] = own;
  // A wrapper of a package takes what it likes; its own function is not the one that Lambda looks at.
  const direct = handler.things.every(({ kind }) => kind === "function");
  return { walk, handler: direct ? (first?.node as FunctionNode | undefined) : undefined };
}

function request(walk: Walk, thing: Thing, handler: boolean): void {
  walk.flow = new Flow();
  walk.frames = [];
  const { node } = thing;
  if (!node) return;
  const answered = walk.inside(thing, requestArguments(handler));
  walk.leave(answered, node);
}

function exported(walk: Walk, body: readonly AnyNode[], name: string): Value {
  const [first = name, ...rest] = name.split(".");
  let value = ofModule(walk, body, first) ?? ofCommonJs(walk, first) ?? nothing;
  for (const inner of rest)
    value = value.things.map((thing) => thing.properties.get(inner)).find(Boolean) ?? nothing;
  return value;
}

function ofModule(walk: Walk, body: readonly AnyNode[], name: string): Value | undefined {
  for (const node of body) {
    const found = node.type === "ExportNamedDeclaration" ? exportedAs(node, name) : undefined;
    if (found) return walk.evaluate(found);
  }
  return undefined;
}

/** What stands for the name inside the module. */
function exportedAs(node: ExportNamedDeclaration, name: string): AnyNode | undefined {
  const { declaration } = node;
  if (declaration?.type === "VariableDeclaration")
    return declaration.declarations.find(({ id }) => keyName(id) === name)?.id;
  if (declaration?.type === "FunctionDeclaration")
    return declaration.id.name === name ? declaration.id : undefined;
  return node.specifiers.find((specifier) => keyName(specifier.exported) === name)?.local;
}

function ofCommonJs(walk: Walk, name: string): Value | undefined {
  const whole = walk.packages.get("global:module")?.properties.get("exports")?.things ?? [];
  const parts = [walk.packages.get("global:module.exports"), walk.packages.get("global:exports")];
  for (const thing of [...whole, ...parts]) {
    const getter = thing?.getters.get(name)?.node as FunctionNode | undefined;
    if (getter) return walk.evaluate(getter.body);
    const value = thing?.properties.get(name);
    if (value) return value;
  }
  return undefined;
}
