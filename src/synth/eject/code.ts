/** A TypeScript expression before it is laid out. */
export type Code =
  /** Verbatim. */
  | string
  | { readonly members: readonly (readonly [key: string, value: Code])[] }
  | { readonly items: readonly Code[] }
  /** `callee` with everything up to its bracket: `new ec2.CfnVPC`, `Fn.select`. */
  | { readonly callee: string; readonly arguments: readonly Code[] };

/** Columns of a line; as prettier and oxfmt are often set. */
const WIDTH = 100;

/**
 * Lays an expression out as a formatter would: on one line where it fits behind `column`, else its parts one a line.
 * `indent` is that of the statement, in columns.
 */
export function printCode(code: Code, indent: number, column: number): string {
  const flat = printFlat(code);
  if (typeof code === "string" || (fits(flat, column) && !isMultiLine(code))) return flat;
  if ("callee" in code)
    return `${code.callee}${printArguments(code.arguments, indent, column + code.callee.length)}`;
  const [open, close] = "members" in code ? "{}" : "[]";
  const parts =
    "members" in code ? code.members.map(member(indent + 2)) : lines(code.items, indent);
  return parts.length === 0 ? flat : block(`${open}`, parts, `${close}`, indent);
}

/** The last argument hugs the brackets where it is an object or a list and those before it fit. */
function printArguments(args: readonly Code[], indent: number, column: number): string {
  const last = args.at(-1);
  const before = args.slice(0, -1).map(printFlat).join(", ");
  const lead = before === "" ? "" : `${before}, `;
  const hugs = typeof last === "object" && !("callee" in last);
  if (hugs && fits(`(${lead}{`, column)) return `(${lead}${printCode(last, indent, WIDTH)})`;
  return block("(", lines(args, indent), ")", indent);
}

function lines(items: readonly Code[], indent: number): string[] {
  return items.map((item) => printCode(item, indent + 2, indent + 2));
}

function member(indent: number): (entry: readonly [string, Code]) => string {
  return ([key, value]) => {
    const name = propertyName(key);
    if (isShorthand(key, value)) return name;
    return `${name}: ${printCode(value, indent, indent + name.length + 2)}`;
  };
}

function block(open: string, parts: readonly string[], close: string, indent: number): string {
  const margin = " ".repeat(indent);
  return `${open}\n${parts.map((part) => `${margin}  ${part},\n`).join("")}${margin}${close}`;
}

/** On one line. */
export function printFlat(code: Code): string {
  if (typeof code === "string") return code;
  if ("callee" in code) return `${code.callee}(${code.arguments.map(printFlat).join(", ")})`;
  if ("items" in code) return `[${code.items.map(printFlat).join(", ")}]`;
  const members = code.members.map(([key, value]) => {
    const [name, text] = [propertyName(key), printFlat(value)];
    return isShorthand(key, value) ? name : `${name}: ${text}`;
  });
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** One column stays for what follows: a comma or a semicolon. */
function fits(text: string, column: number): boolean {
  return column + text.length < WIDTH;
}

/** Objects that hold further ones, or much, are easier to read and to compare line by line. */
function isMultiLine(code: Exclude<Code, string>): boolean {
  if ("callee" in code) {
    const last = code.arguments.at(-1);
    return code.callee.startsWith("new ") && typeof last === "object" && isLong(last);
  }
  return isLong(code);
}

function isLong(code: Exclude<Code, string>): boolean {
  if (!("members" in code)) return false;
  return code.members.length > 3 || code.members.some(([, value]) => isNested(value));
}

function isNested(value: Code): boolean {
  if (typeof value === "string") return false;
  if ("callee" in value) return false;
  return "members" in value ? value.members.length > 1 : value.items.some(isNested);
}

/** `{ functionName }`; a text may look like its quoted key. */
function isShorthand(key: string, value: Code): boolean {
  return value === key && IDENTIFIER.test(key);
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

function propertyName(key: string): string {
  // Unless computed, this one would set the object's prototype.
  if (key === "__proto__") return `[${quoted(key)}]`;
  return IDENTIFIER.test(key) ? key : quoted(key);
}

export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** The inside of a template literal that stands for `text`. */
export function templateText(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return escaped.replaceAll("`", "\\`").replaceAll("${", "\\${");
}
