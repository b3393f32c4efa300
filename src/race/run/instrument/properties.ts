import { apiName } from "../worker/instrument-api.ts";
import type { Draft } from "./instrument.ts";
import type { Placed } from "./nodes.ts";
import { dotOf, isNode, isPlain, operatorOf } from "./nodes.ts";

type Node = Placed["node"];

/** Methods of arrays, maps and sets that read or change what is in them. */
const collectionMethods = new Set(
  (
    "get set has delete add clear push pop shift unshift splice sort reverse fill forEach map filter join slice " +
    "entries keys values find findIndex findLast some every reduce includes at concat indexOf flat flatMap"
  ).split(" "),
);

/** Longest name of a piece of state that is shown. */
const maxName = 60;
const watched = new Set(["AssignmentExpression", "CallExpression", "MemberExpression"]);

/** Reads and writes of properties, and calls of collections, in the project's own code. */
export function watchProperties(draft: Draft, placed: Placed): void {
  const { node } = placed;
  if (!watched.has(node.type) || !draft.isOwn(node.start) || !placed.inFunction) return;
  if (node.type === "AssignmentExpression") watchWrite(draft, node);
  else if (node.type === "CallExpression") watchCall(draft, node);
  else watchRead(draft, placed);
}

function watchWrite({ text, sites, code }: Draft, node: Node): void {
  const { left, right, operator } = node;
  if (!isNode(left) || !isNode(right) || left.type !== "MemberExpression") return;
  const object = left["object"] as Node;
  const key = keyOf(left, code);
  if (key === undefined || !isPlain(object) || typeof operator !== "string") return;
  const named = code.slice(object.start, object.end);
  const name = JSON.stringify(code.slice(left.start, left.end).slice(0, maxName));
  const site = sites.at(left.start);
  const [start, end] = operatorOf(code, node);
  const after = `,${site},${name})`;
  if (operator === "=") {
    text.appendRight(end, ` ${apiName}.pw(${named},${key},`);
    text.prependLeft(node.end, after);
  } else if (!logical.test(operator) && !key.startsWith('"#')) {
    // `a.b += await c` reads before the await and writes after it, which is a race by itself.
    text.update(start, end, "=");
    const read = `${apiName}.pr(${named},${key},${site})`;
    text.appendRight(end, ` ${apiName}.pw(${named},${key},${read}${operator.slice(0, -1)}(`);
    text.prependLeft(node.end, `)${after}`);
  }
}

/** Assignments that may not happen. */
export const logical = /^(\?\?|\|\||&&)=$/;

/** The key as an expression; private names as a string that no property has. */
function keyOf(member: Node, code: string): string | undefined {
  const property = member["property"];
  if (!isNode(property)) return undefined;
  if (member["computed"] === true)
    return isPlain(property) || property.type === "Literal"
      ? code.slice(property.start, property.end)
      : undefined;
  const name = String(property["name"]);
  return JSON.stringify(property.type === "PrivateIdentifier" ? `#${name}` : name);
}

function watchCall({ text, sites, code }: Draft, node: Node): void {
  const { callee, arguments: given } = node;
  if (!isNode(callee) || callee.type !== "MemberExpression" || node["optional"] === true) return;
  const { object, property } = callee;
  if (!isNode(object) || !isNode(property) || object.type === "Super") return;
  if (callee["computed"] === true || inChain(callee)) return;
  const name = String(property["name"]);
  if (!collectionMethods.has(name) || property.type !== "Identifier") return;
  const called = JSON.stringify(code.slice(object.start, object.end).slice(0, maxName));
  const open = code.indexOf("(", property.end);
  const comma = (given as unknown[]).length > 0 ? "," : "";
  text.appendRight(callee.start, `${apiName}.c(`);
  text.update(
    dotOf(code, property),
    open + 1,
    `,${JSON.stringify(name)},${sites.at(object.start)},${called}${comma}`,
  );
}

/** Whether a `?.` may end it early. */
function inChain(node: Node): boolean {
  if (node["optional"] === true) return true;
  const inner = node["object"] ?? node["callee"];
  return isNode(inner) && inChain(inner);
}

function watchRead({ text, sites, code }: Draft, placed: Placed): void {
  const { node } = placed;
  const { object, property, computed } = node;
  if (!isNode(object) || !isNode(property) || object.type === "Super" || computed === true) return;
  if (inChain(node) || !isRead(placed)) return;
  const key = keyOf(node, code);
  if (key === undefined) return;
  const site = sites.at(node.start);
  if (!key.startsWith('"#')) {
    text.appendRight(node.start, `${apiName}.pr(`);
    text.update(dotOf(code, property), node.end, `,${key},${site})`);
  } else if (isPlain(object)) {
    const named = code.slice(object.start, object.end);
    text.appendRight(node.start, `${apiName}.pn(${named},${key},`);
    text.prependLeft(node.end, `,${site})`);
  }
}

/** What is named to be called, assigned, deleted or destructured into is not (only) read. */
const notRead: Readonly<Record<string, string | undefined>> = {
  CallExpression: "callee",
  NewExpression: "callee",
  TaggedTemplateExpression: "tag",
  AssignmentExpression: "left",
  AssignmentPattern: "left",
  ForInStatement: "left",
  ForOfStatement: "left",
  UpdateExpression: "argument",
  ArrayPattern: "elements",
  RestElement: "argument",
  VariableDeclarator: "id",
};

/** Whether a name stands where its value is taken; `typeof` and `delete` take none. */
export function isRead({ parent, slot }: Placed): boolean {
  if (!parent || notRead[parent.node.type] === slot) return false;
  if (parent.node.type === "UnaryExpression" && /^[td]/.test(String(parent.node["operator"])))
    return false;
  return !(parent.node.type === "Property" && parent.parent?.node.type === "ObjectPattern");
}
