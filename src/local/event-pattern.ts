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

/** What is wrong with a pattern; nothing where it can be used. */
export function patternProblem(pattern: unknown, path = ""): string | undefined {
  if (!isRecord(pattern)) return `Filter is not an object${path === "" ? "" : ` at ${path}`}`;
  const entries = Object.entries(pattern);
  if (entries.length === 0) return "Empty objects are not allowed";
  for (const [key, wanted] of entries) {
    const problem = fieldProblem(key, wanted, path === "" ? key : `${path}.${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldProblem(key: string, wanted: unknown, path: string): string | undefined {
  if (!Array.isArray(wanted))
    return isRecord(wanted)
      ? patternProblem(wanted, path)
      : `"${key}" must be an object or an array`;
  if (wanted.length === 0) return "Empty arrays are not allowed";
  if (key === "$or")
    return wanted.map((each) => patternProblem(each, path)).find((problem) => problem);
  const unknown = wanted.find((each) => !isCondition(each));
  return unknown === undefined
    ? undefined
    : `Unrecognized match type ${isRecord(unknown) ? Object.keys(unknown)[0] : typeof unknown}`;
}

function isCondition(wanted: unknown): boolean {
  if (!isRecord(wanted)) return wanted === null || typeof wanted !== "object";
  const [name = "", ...more] = Object.keys(wanted);
  return more.length === 0 && Object.hasOwn(operators, name);
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
  wildcard: (wanted, value) => onText(wanted, value, (text, glob) => globOf(glob).test(text)),
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

/** `*` stands for any text; with a backslash before it, for itself. */
function globOf(glob: string): RegExp {
  const parts = glob.match(/\\[\\*]|\*|[^\\*]+|\\/g) ?? [];
  const pattern = parts.map((part) => {
    if (part === "*") return ".*";
    const text = part.length === 2 && part.startsWith("\\") ? part.slice(1) : part;
    return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${pattern.join("")}$`, "s");
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
