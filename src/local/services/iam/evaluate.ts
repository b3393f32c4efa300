import { isRecord } from "../../../is-record.ts";
import { ServiceError } from "../../service-error.ts";

/** One call that policies decide about. */
export interface Call {
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  /** Values by condition key, in small letters. */
  readonly context: ReadonlyMap<string, readonly string[]>;
}

export type Decision = "allowed" | "explicitDeny" | "implicitDeny";

/** What policy documents say of a call: a Deny wins, without an Allow it is denied. */
export function decide(documents: readonly string[], call: Call): Decision {
  const statements = documents
    .flatMap(statementsOf)
    .filter((statement) => applies(statement, call));
  if (statements.some(({ Effect }) => Effect === "Deny")) return "explicitDeny";
  return statements.length > 0 ? "allowed" : "implicitDeny";
}

/** Condition keys that statements ask for and a call does not have. */
export function missingKeys(documents: readonly string[], call: Call): string[] {
  const keys = documents
    .flatMap(statementsOf)
    .filter((statement) => concerns(statement, call))
    .flatMap((statement) => conditionsOf(statement).map(({ key }) => key))
    .filter((key) => !call.context.has(key.toLowerCase()));
  return [...new Set(keys)];
}

type Statement = Readonly<Record<string, unknown>>;

function statementsOf(document: string): Statement[] {
  const parsed: unknown = JSON.parse(document);
  return isRecord(parsed) ? [parsed["Statement"]].flat().filter(isRecord) : [];
}

function applies(statement: Statement, call: Call): boolean {
  return concerns(statement, call) && conditionsOf(statement).every((each) => holds(each, call));
}

function concerns(statement: Statement, { action, resource }: Call): boolean {
  const matches = (key: string, value: string, ignoresCase: boolean) =>
    texts(statement[key]).some((pattern) => isLike(value, pattern, ignoresCase));
  const isAction = statement["NotAction"]
    ? !matches("NotAction", action, true)
    : matches("Action", action, true);
  const isResource = statement["NotResource"]
    ? !matches("NotResource", resource, false)
    : matches("Resource", resource, false);
  return isAction && isResource;
}

function texts(value: unknown): string[] {
  return [value]
    .flat()
    .filter((each) => each !== undefined)
    .map(String);
}

function isLike(value: string, pattern: string, ignoresCase = false): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  const expression = escaped.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${expression}$`, ignoresCase ? "is" : "s").test(value);
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

function conditionsOf(statement: Statement): Condition[] {
  const condition = statement["Condition"];
  if (!isRecord(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) =>
    isRecord(keys)
      ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) }))
      : [],
  );
}

type Test = (value: string, wanted: string) => boolean;

const like: Test = (value, wanted) => isLike(value, wanted);
const same: Test = (value, wanted) => value === wanted;
const sameLetters: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();

/** IAM user guide, "IAM JSON policy elements: Condition operators": those of text, ARNs and truth. */
const tests: Readonly<Record<string, { readonly test: Test; readonly negated: boolean }>> = {
  stringequals: { test: same, negated: false },
  stringnotequals: { test: same, negated: true },
  stringequalsignorecase: { test: sameLetters, negated: false },
  stringnotequalsignorecase: { test: sameLetters, negated: true },
  stringlike: { test: like, negated: false },
  stringnotlike: { test: like, negated: true },
  arnequals: { test: like, negated: false },
  arnlike: { test: like, negated: false },
  arnnotequals: { test: like, negated: true },
  arnnotlike: { test: like, negated: true },
  bool: { test: sameLetters, negated: false },
};

function holds({ operator, key, values }: Condition, { context }: Call): boolean {
  const given = context.get(key.toLowerCase());
  const name = operator.toLowerCase();
  if (name === "null") return (given === undefined) === (values[0]?.toLowerCase() === "true");
  const ifExists = name.endsWith("ifexists");
  const known = tests[ifExists ? name.slice(0, -"ifexists".length) : name];
  if (known === undefined || values.some((value) => value.includes("${")))
    throw new ServiceError(
      "NotImplemented",
      `The local target does not evaluate the condition ${operator} of ${key}.`,
      { status: 501 },
    );
  // A key that is missing matches no operator but the negated ones.
  if (given === undefined) return ifExists || known.negated;
  const matches = given.some((value) => values.some((wanted) => known.test(value, wanted)));
  return matches !== known.negated;
}
