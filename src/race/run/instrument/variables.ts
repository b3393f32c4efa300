import type { Scope, ScopeManager, Variable } from "eslint-scope";
import { apiName } from "../worker/instrument-api.ts";
import type { Draft } from "./instrument.ts";
import type { Placed } from "./nodes.ts";
import { isNode, operatorOf } from "./nodes.ts";
import { isRead, logical } from "./properties.ts";

/** Variables of modules that some function assigns, by the offsets at which they are named. */
export type ModuleVariables = ReadonlyMap<number, number>;

/** What esbuild wraps a CommonJS module in: what it declares outside of its functions is a module's, too. */
const wrapper = /^__(commonJS|esm)$/;

/** Looks for the variables, and gives each a number, its name and the site of its declaration. */
export function moduleVariables(
  scopes: ScopeManager,
  { names, declared, sites }: Pick<Draft, "names" | "declared" | "sites">,
): ModuleVariables {
  const found = new Map<number, number>();
  let next = 0;
  for (const scope of scopes.scopes.filter(isOfModule)) {
    for (const variable of scope.variables.filter(isReassigned)) {
      names[next] = variable.name;
      const [definition] = variable.identifiers as unknown as Placed["node"][];
      if (definition) declared[next] = sites.at(definition.start);
      for (const { identifier } of variable.references)
        found.set((identifier as unknown as Placed["node"]).start, next);
      next += 1;
    }
  }
  return found;
}

function isOfModule({ type, block }: Scope): boolean {
  if (type === "global" || type === "module") return true;
  return type === "function" && (wrapped.has(block) || block.type === "Program");
}

/** Functions that are a wrapper's argument; filled before scopes are looked at. */
const wrapped = new WeakSet<object>();

export function noteWrapper({ node }: Placed): void {
  const callee = node["callee"];
  if (node.type !== "CallExpression" || !isNode(callee)) return;
  if (!wrapper.test(String(callee["name"]))) return;
  for (const argument of node["arguments"] as Placed["node"][])
    for (const property of (argument["properties"] as Placed["node"][] | undefined) ?? [])
      if (isNode(property["value"])) wrapped.add(property["value"]);
}

function isReassigned(variable: Variable): boolean {
  return variable.references.some(
    (reference) => reference.isWrite() && reference.from.variableScope !== variable.scope,
  );
}

/** Reads and writes of those variables inside functions. */
export function watchVariables(draft: Draft, placed: Placed): void {
  const { node } = placed;
  if (!placed.inFunction) return;
  if (node.type === "AssignmentExpression") watchAssignment(draft, node);
  else if (node.type === "UpdateExpression") watchUpdate(draft, node);
  else if (node.type === "Identifier") watchRead(draft, placed);
}

function watchAssignment(draft: Draft, node: Placed["node"]): void {
  const { text, sites, code, variables } = draft;
  const { left, operator } = node;
  if (!isNode(left)) return;
  if (left.type !== "Identifier") return watchDestructured(draft, node, left);
  const id = variables.get(left.start);
  if (id === undefined) return;
  const site = sites.at(left.start);
  const name = code.slice(left.start, left.end);
  const [start, end] = operatorOf(code, node);
  if (operator === "=" || logical.test(String(operator))) {
    // Of a logical assignment the right side is only computed where it is assigned.
    text.appendRight(end, ` ${apiName}.w(${id},${site},`);
    text.prependLeft(node.end, ")");
  } else {
    text.update(start, end, "=");
    const read = `(${apiName}.r(${id},${site}),${name})`;
    text.appendRight(end, ` ${apiName}.w(${id},${site},${read}${String(operator).slice(0, -1)}(`);
    text.prependLeft(node.end, "))");
  }
}

type Part = Pick<Draft, "text" | "sites" | "variables" | "names">;

/** `({ a, b: c } = x)`: what was written is known afterwards. */
function watchDestructured(
  { text, sites, variables, names }: Part,
  node: Placed["node"],
  pattern: Placed["node"],
): void {
  const written = [...variables].filter(
    ([offset]) => offset >= pattern.start && offset < pattern.end,
  );
  if (written.length === 0) return;
  text.appendRight(node.start, `${apiName}.s((`);
  const calls = written.map(
    ([offset, id]) => `${apiName}.w(${id},${sites.at(offset)},${names[id]})`,
  );
  text.prependLeft(node.end, `),${calls.join(",")})`);
}

function watchUpdate({ text, sites, code, variables }: Draft, node: Placed["node"]): void {
  const argument = node["argument"];
  if (!isNode(argument)) return;
  const id = variables.get(argument.start);
  if (id === undefined || argument.type !== "Identifier") return;
  const site = sites.at(argument.start);
  const name = code.slice(argument.start, argument.end);
  // Read and written in one turn: nobody comes between the two.
  text.appendRight(node.start, `${apiName}.s((${apiName}.r(${id},${site}),`);
  text.prependLeft(node.end, `),${apiName}.w(${id},${site},${name}))`);
}

function watchRead({ text, sites, code, variables }: Draft, placed: Placed): void {
  const { node, parent } = placed;
  const id = variables.get(node.start);
  if (id === undefined || !parent || !isRead(placed)) return;
  const site = sites.at(node.start);
  const name = code.slice(node.start, node.end);
  const shorthand = parent.node.type === "Property" && parent.node["shorthand"] === true;
  if (shorthand && placed.slot === "key") return;
  text.appendRight(node.start, `${shorthand ? `${name}:` : ""}(${apiName}.r(${id},${site}),`);
  text.prependLeft(node.end, ")");
}
