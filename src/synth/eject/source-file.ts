import { type Code, printCode, quoted } from "./code.ts";

/** One statement, indented by two as in a function. */
export function statement(lead: string, code: Code, indent = 2): string {
  const margin = " ".repeat(indent);
  return `${margin}${lead}${printCode(code, indent, indent + lead.length)};\n`;
}

/** Comment lines of at most 100 columns. */
export function lineComment(text: string, indent = 2): string {
  const margin = `${" ".repeat(indent)}// `;
  return wrapped(text, 100 - margin.length)
    .map((line) => `${margin}${line}\n`)
    .join("");
}

export function docComment(text: string, indent = 0): string {
  const margin = " ".repeat(indent);
  if (text.length + indent + 7 <= 100) return `${margin}/** ${text} */\n`;
  const lines = wrapped(text, 100 - indent - 3);
  return `${margin}/**\n${lines.map((line) => `${margin} * ${line}\n`).join("")}${margin} */\n`;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export interface Import {
  readonly from: string;
  readonly names?: Iterable<string>;
  readonly types?: Iterable<string>;
  /** `import * as namespace` */
  readonly namespace?: string;
}

/** Import lines: packages first, then own files; what imports nothing is left out. */
export function importLines(imports: readonly Import[]): string {
  const lines = imports.flatMap((wanted) => {
    const line = importLine(wanted);
    return line === undefined ? [] : [{ from: wanted.from, line }];
  });
  return lines
    .toSorted((one, other) => order(one.from) - order(other.from) || compare(one.from, other.from))
    .map(({ line }) => `${line}\n`)
    .join("");
}

function order(from: string): number {
  if (from.startsWith("node:")) return 0;
  return from.startsWith(".") ? 2 : 1;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function importLine({ from, names = [], types = [], namespace }: Import): string | undefined {
  if (namespace !== undefined) return `import * as ${namespace} from ${quoted(from)};`;
  const values = [...names].toSorted(compare);
  const onlyTypes = [...types].toSorted(compare).filter((name) => !values.includes(name));
  if (values.length + onlyTypes.length === 0) return undefined;
  if (values.length === 0) return braces("import type", onlyTypes, from);
  return braces("import", [...values, ...onlyTypes.map((name) => `type ${name}`)], from);
}

function braces(keyword: string, names: readonly string[], from: string): string {
  const line = `${keyword} { ${names.join(", ")} } from ${quoted(from)};`;
  if (line.length <= 100) return line;
  return `${keyword} {\n${names.map((name) => `  ${name},\n`).join("")}} from ${quoted(from)};`;
}
