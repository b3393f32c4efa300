import { compileRegex, invalidPattern, type Matches } from "./filter-parts.ts";

type Test = (document: unknown) => boolean;
/** `*` leads to all children. */
type Path = readonly (string | number)[];

/** `{ $.level = "ERROR" && ($.ms > 100 || $.user NOT EXISTS) }` as a test; messages that are no JSON never match. */
export function parseJsonFilter(text: string): Matches {
  if (!text.endsWith("}")) throw invalidPattern("a closing brace is missing");
  const tokens = tokenize(text.slice(1, -1));
  const parser = new JsonFilterParser(tokens);
  const test = parser.parse();
  return (message) => {
    const document = parseDocument(message);
    return document !== undefined && test(document);
  };
}

function parseDocument(message: string): unknown {
  if (!/^\s*[[{]/.test(message)) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

interface Token {
  readonly kind: "selector" | "operator" | "string" | "regex" | "word" | "punctuation";
  readonly text: string;
}

const tokenPattern =
  /\s*(?:(?<selector>\$(?:\.[\w@#-]+|\.\*|\["[^"]*"\]|\['[^']*'\]|\[\d+\]|\[\*\])+)|(?<operator>!=|<=|>=|=|<|>)|(?<string>"(?:[^"\\]|\\.)*")|(?<regex>%[^%]+%)|(?<punctuation>&&|\|\||[()])|(?<word>[^\s()=<>!&|"%]+))/sy;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  const end = text.trimEnd().length;
  while (tokenPattern.lastIndex < end) {
    const start = tokenPattern.lastIndex;
    const groups = tokenPattern.exec(text)?.groups;
    if (groups === undefined) throw invalidPattern(text.slice(start).trim());
    const [kind, value] = Object.entries(groups).find(([, found]) => found !== undefined) ?? [
      "word",
      "",
    ];
    tokens.push({ kind: kind as Token["kind"], text: value ?? "" });
  }
  return tokens;
}

/** && binds tighter than ||. */
class JsonFilterParser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Test {
    const test = this.#either();
    if (this.#position < this.#tokens.length) throw invalidPattern(this.#peek());
    return test;
  }

  #either(): Test {
    const tests = [this.#both()];
    while (this.#take("||")) tests.push(this.#both());
    return (document) => tests.some((test) => test(document));
  }

  #both(): Test {
    const tests = [this.#single()];
    while (this.#take("&&")) tests.push(this.#single());
    return (document) => tests.every((test) => test(document));
  }

  #single(): Test {
    if (this.#take("(")) {
      const test = this.#either();
      if (!this.#take(")")) throw invalidPattern("a closing parenthesis is missing");
      return test;
    }
    const path = parsePath(this.#next("selector").text);
    const token = this.#next();
    if (token.kind === "operator") return comparison(path, token.text, this.#next());
    const words = `${token.text} ${this.#next("word").text}`.toUpperCase();
    const test = wordTests[words];
    if (test === undefined) throw invalidPattern(words);
    return (document) => test(valuesAt(document, path));
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#position];
    if (token?.kind !== "punctuation" || token.text !== text) return false;
    this.#position += 1;
    return true;
  }

  #next(kind?: Token["kind"]): Token {
    const token = this.#tokens[this.#position];
    if (token === undefined || (kind !== undefined && token.kind !== kind))
      throw invalidPattern(this.#peek());
    this.#position += 1;
    return token;
  }

  #peek(): string {
    return this.#tokens[this.#position]?.text ?? "it ends too early";
  }
}

const wordTests: Readonly<Record<string, (values: readonly unknown[]) => boolean>> = {
  "IS NULL": (values) => values.some((value) => value === null),
  "IS TRUE": (values) => values.some((value) => value === true),
  "IS FALSE": (values) => values.some((value) => value === false),
  "NOT EXISTS": (values) => values.length === 0,
};

function comparison(path: Path, operator: string, operand: Token): Test {
  const compare = comparerOf(operator, operand);
  return (document) => valuesAt(document, path).some(compare);
}

function comparerOf(operator: string, operand: Token): (value: unknown) => boolean {
  const { kind, text } = operand;
  const number = kind === "word" && text.trim() !== "" ? Number(text) : Number.NaN;
  if (operator === "=" || operator === "!=") {
    const equals =
      kind === "regex"
        ? regexTest(text)
        : Number.isNaN(number)
          ? textTest(operand)
          : numberTest(number);
    return operator === "=" ? equals : (value) => !equals(value);
  }
  if (Number.isNaN(number)) throw invalidPattern(`${operator} compares with a number, not ${text}`);
  return (value) => typeof value === "number" && orders[operator]?.(value, number) === true;
}

const orders: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

function regexTest(text: string): (value: unknown) => boolean {
  const regex = compileRegex(text.slice(1, -1));
  return (value) => isScalar(value) && regex.test(String(value));
}

/** A number is compared as a number, and with a string of the same look as text. */
function numberTest(number: number): (value: unknown) => boolean {
  return (value) => value === number || (typeof value === "string" && value === String(number));
}

/** `*` stands for any text. */
function textTest({ kind, text }: Token): (value: unknown) => boolean {
  const expected = kind === "string" ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
  if (!expected.includes("*")) return (value) => isScalar(value) && String(value) === expected;
  const source = expected.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const regex = new RegExp(`^${source.join(".*")}$`, "s");
  return (value) => isScalar(value) && regex.test(String(value));
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function parsePath(selector: string): Path {
  return [
    ...selector.matchAll(
      /\.(?<name>[\w@#-]+|\*)|\["(?<double>[^"]*)"\]|\['(?<single>[^']*)'\]|\[(?<index>\d+|\*)\]/g,
    ),
  ].map(({ groups = {} }) => {
    const index = groups["index"];
    if (index !== undefined) return index === "*" ? "*" : Number(index);
    return groups["name"] ?? groups["double"] ?? groups["single"] ?? "";
  });
}

/** All values that a path leads to: several where it holds `*`. */
function valuesAt(document: unknown, path: Path): readonly unknown[] {
  let values: readonly unknown[] = [document];
  for (const step of path) values = values.flatMap((value) => childrenAt(value, step));
  return values;
}

function childrenAt(value: unknown, step: string | number): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === "*") return Object.values(value);
  return Object.hasOwn(value, step) ? [(value as Record<string | number, unknown>)[step]] : [];
}
