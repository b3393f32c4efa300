import { parseAst } from "vitest/node";

type Node = Readonly<Record<string, unknown>>;

/**
 * Titles of a test file's tests and describes, and the texts of the rows of `.each` and `.for`: no comments, and nothing
 * of what the tests do.
 */
export function titlesOf(source: string): string[] {
  const found: string[] = [];
  const rows: unknown[] = [];
  const program: unknown = parseAst(source, { lang: "ts" });
  visit(program, (node) => {
    if (node["type"] !== "CallExpression" || !isOfTests(node["callee"])) return;
    const [first] = asArray(node["arguments"]);
    const callee = node["callee"];
    if (!isNode(callee)) return;
    if (callee["type"] === "MemberExpression" && isRows(callee["property"])) rows.push(first);
    else found.push(...textsOf(first, false));
  });
  const constants = constantsOf(program);
  for (const row of rows) found.push(...textsOf(constants.get(nameOf(row)) ?? row, true));
  return found;
}

/** `test`, `it`, `describe`, or something that is called on them. */
function isOfTests(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee["type"] === "Identifier") return /^(test|it|describe)$/.test(nameOf(callee));
  return isOfTests(callee["type"] === "CallExpression" ? callee["callee"] : callee["object"]);
}

const isRows = (property: unknown) => ["each", "for"].includes(nameOf(property));

/** Texts that a node is, or, where `deep`, has in it. */
function textsOf(node: unknown, deep: boolean): string[] {
  const texts: string[] = [];
  const take = (each: Node) => {
    if (each["type"] === "Literal" && typeof each["value"] === "string") texts.push(each["value"]);
    if (each["type"] === "TemplateElement") texts.push(cookedOf(each["value"]));
  };
  if (deep || (isNode(node) && node["type"] === "TemplateLiteral")) visit(node, take);
  else if (isNode(node)) take(node);
  return texts;
}

const cookedOf = (value: unknown) =>
  isNode(value) && typeof value["cooked"] === "string" ? value["cooked"] : "";

function constantsOf(program: unknown): Map<string, unknown> {
  const constants = new Map<string, unknown>();
  visit(program, (node) => {
    if (node["type"] === "VariableDeclarator") constants.set(nameOf(node["id"]), node["init"]);
  });
  // What is taken apart has no name.
  constants.delete("");
  return constants;
}

function visit(node: unknown, seen: (node: Node) => void): void {
  if (Array.isArray(node)) for (const each of node) visit(each, seen);
  if (!isNode(node)) return;
  seen(node);
  for (const value of Object.values(node)) visit(value, seen);
}

const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const nameOf = (node: unknown) =>
  isNode(node) && typeof node["name"] === "string" ? node["name"] : "";
