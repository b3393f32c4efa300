import type { Node } from "acorn";

/** A node as it stands in the tree; acorn's own types do not say what is above. */
export interface Placed {
  readonly node: Node & Readonly<Record<string, unknown>>;
  readonly parent: Placed | undefined;
  /** The name under which the parent has it. */
  readonly slot: string;
  /** Whether it runs each time that a function does, and not once when the module is loaded. */
  readonly inFunction: boolean;
}

/** Every node, parents before children. */
export function* nodesOf(root: Node): Generator<Placed> {
  const stack: Placed[] = [
    { node: root as Placed["node"], parent: undefined, slot: "", inFunction: false },
  ];
  for (let placed = stack.pop(); placed; placed = stack.pop()) {
    yield placed;
    const { node } = placed;
    const inFunction = placed.inFunction || functions.test(node.type);
    for (const slot of Object.keys(node)) {
      if (slot === "type" || slot === "start" || slot === "end") continue;
      for (const child of childrenOf(node[slot]))
        stack.push({ node: child, parent: placed, slot, inFunction });
    }
  }
}

const childrenOf = (value: unknown): Placed["node"][] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isNode);

export function isNode(value: unknown): value is Placed["node"] {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

const functions = /^(ArrowFunctionExpression|FunctionDeclaration|FunctionExpression)$/;

/** An object that can be named twice without doing anything twice: `this`, `a`, `a.b`. */
export function isPlain(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === "Identifier" || node.type === "ThisExpression") return true;
  return (
    node.type === "MemberExpression" &&
    node["computed"] === false &&
    node["optional"] !== true &&
    isPlain(node["object"])
  );
}

/** Offset of the dot before a property's name. */
export function dotOf(code: string, property: { readonly start: number }): number {
  return code.lastIndexOf(".", property.start - 1);
}

/** Where the operator of an assignment begins and ends; its right side may stand in parentheses, which no node has. */
export function operatorOf(code: string, assignment: Placed["node"]): readonly [number, number] {
  const { left, operator } = assignment;
  const start = code.indexOf(String(operator), (left as Placed["node"]).end);
  return [start, start + String(operator).length];
}
