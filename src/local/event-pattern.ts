import { isRecord } from "../is-record.ts";
import { BlockList, isIP } from "node:net";

/**
 * Patterns as EventBridge, SNS and Lambda's event filters have them (Amazon EventBridge user guide, eb-event-patterns and
 * eb-create-pattern-operators): objects of fields, with lists of what a field may be.
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isRecord(pattern)) return false;
  return Object.entries(pattern).every(([key, wanted]) =>
    key === "$or" && Array.isArray(wanted)
      ? wanted.some((each) => matchesPattern(each, event))
      : fieldMatches(wanted, isRecord(event) ? event[key] : undefined),
  );
}

/** A list is matched where one of its elements is. */
function fieldMatches(wanted: unknown, value: unknown): boolean {
  if (!Array.isArray(wanted)) {
    return Array.isArray(value)
      ? value.some((each) => matchesPattern(wanted, each))
      : matchesPattern(wanted, value);
  }
  const values: readonly unknown[] = Array.isArray(value) ? value.flat(Infinity) : [value];
  return wanted.some((each) => values.some((one) => conditionHolds(each, one)));
}

function conditionHolds(wanted: unknown, value: unknown): boolean {
  if (!isRecord(wanted)) return value !== undefined && wanted === value;
  const [name = ""] = Object.keys(wanted);
  const argument = wanted[name];
  return Object.hasOwn(operators, name) && (operators[name]?.(argument, value) ?? false);
}

type Operator = (argument: unknown, value: unknown) => boolean;

const operators: Readonly<Record<string, Operator>> = {
  exists: (wanted, value) => (value !== undefined && !isRecord(value)) === wanted,
  prefix: (wanted, value) => onText(wanted, value, (text, part) => text.startsWith(part)),
  suffix: (wanted, value) => onText(wanted, value, (text, part) => text.endsWith(part)),
  "equals-ignore-case": (wanted, value) =>
    onText(wanted, value, (text, other) => text.toLowerCase() === other.toLowerCase()),
  wildcard: (wanted, value) => onText(wanted, value, globMatches),
  numeric: (wanted, value) =>
    typeof value === "number" && Array.isArray(wanted) && within(wanted, value),
  cidr: (wanted, value) => onText(wanted, value, inRange),
  "anything-but": anythingBut,
};

/** The text of a condition may be one that ignores case: `{"prefix": {"equals-ignore-case": "a"}}`. */
function onText(
  wanted: unknown,
  value: unknown,
  test: (text: string, wanted: string) => boolean,
): boolean {
  if (typeof value !== "string") return false;
  if (typeof wanted === "string") return test(value, wanted);
  const inner = isRecord(wanted) ? wanted["equals-ignore-case"] : undefined;
  return typeof inner === "string" && test(value.toLowerCase(), inner.toLowerCase());
}

function anythingBut(wanted: unknown, value: unknown): boolean {
  if (value === undefined || isRecord(value)) return false;
  if (isRecord(wanted)) {
    const [name = ""] = Object.keys(wanted);
    const argument = wanted[name];
    const all = Array.isArray(argument) && name !== "numeric" ? argument : [argument];
    return all.every((each) => !conditionHolds({ [name]: each }, value));
  }
  return !(Array.isArray(wanted) ? wanted : [wanted]).includes(value);
}

/** `[">", 0, "<=", 5]` */
function within(bounds: readonly unknown[], value: number): boolean {
  const comparisons: Readonly<Record<string, (bound: number) => boolean>> = {
    "=": (bound) => value === bound,
    "<": (bound) => value < bound,
    "<=": (bound) => value <= bound,
    ">": (bound) => value > bound,
    ">=": (bound) => value >= bound,
  };
  return bounds.every(
    (each, index) =>
      index % 2 === 1 || (comparisons[String(each)]?.(Number(bounds[index + 1])) ?? false),
  );
}

function inRange(address: string, range: string): boolean {
  const [network = "", bits] = range.split("/");
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  if (isIP(network) === 0 || isIP(address) !== isIP(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  return list.check(address, family);
}

/**
 * `*` stands for any text; with a backslash before it, for itself. What stands between stars is looked for once, from left
 * to right: the first place that fits leaves most room for the rest, so that nothing is ever tried again.
 */
function globMatches(text: string, glob: string): boolean {
  const parts = partsOf(glob);
  const first = parts[0] ?? "";
  if (parts.length === 1) return text === first;
  const last = parts.at(-1) ?? "";
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= end;
}

/** The texts between the stars. */
function partsOf(glob: string): string[] {
  const parts = [""];
  for (const token of glob.match(/\\[\\*]|\*|[^\\*]+|\\/g) ?? []) {
    if (token === "*") parts.push("");
    else parts.push((parts.pop() ?? "") + (/^\\./.test(token) ? token.slice(1) : token));
  }
  return parts;
}
