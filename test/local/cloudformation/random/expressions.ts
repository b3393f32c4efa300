import * as fc from "fast-check";

/** A template expression before it is written as JSON, so that its value can be computed without the code under test. */
export type Expression =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "flag"; readonly flag: boolean }
  | { readonly kind: "ref"; readonly of: string }
  | { readonly kind: "arn"; readonly of: string }
  | { readonly kind: "deep"; readonly of: string }
  | { readonly kind: "sub"; readonly of: string; readonly how: "ref" | "arn" | "local" }
  | { readonly kind: "join"; readonly parts: readonly Expression[] }
  | { readonly kind: "pick"; readonly index: number; readonly parts: readonly Expression[] }
  | { readonly kind: "split"; readonly of: Expression }
  | { readonly kind: "base64"; readonly of: Expression }
  | {
      readonly kind: "if";
      readonly condition: Condition;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: "parameter"; readonly name: "Choice" | "Count" }
  | { readonly kind: "mapped"; readonly by: "Choice" | "a" | "b"; readonly key: "X" | "Y" }
  | { readonly kind: "pseudo"; readonly name: "StackName" | "Region" | "AccountId" | "Partition" };

/** Conditions of every template; each is about the parameters. */
export const conditions = {
  IsA: { "Fn::Equals": [{ Ref: "Choice" }, "a"] },
  NotA: { "Fn::Not": [{ Condition: "IsA" }] },
  Many: { "Fn::Not": [{ "Fn::Equals": [{ Ref: "Count" }, 1] }] },
  Both: { "Fn::And": [{ Condition: "IsA" }, { Condition: "Many" }] },
  Either: { "Fn::Or": [{ Condition: "IsA" }, { Condition: "Many" }] },
} as const;
export type Condition = keyof typeof conditions;
export const conditionNames = Object.keys(conditions) as Condition[];

export interface Values {
  readonly Choice: "a" | "b";
  readonly Count: number;
}

export function holds(condition: Condition, { Choice, Count }: Values): boolean {
  const isA = Choice === "a";
  const many = Count !== 1;
  return { IsA: isA, NotA: !isA, Many: many, Both: isA && many, Either: isA || many }[condition];
}

export const mappings = { Sizes: { a: { X: "ax", Y: "ay" }, b: { X: "bx", Y: "by" } } } as const;

/** What a template knows of the resources that an expression may name. */
export interface Neighbours {
  /** Absent resources have none; conditional ones their condition. */
  readonly condition: (id: string) => Condition | undefined;
  readonly exists: (id: string) => boolean;
}

const pseudo = {
  StackName: "s",
  Region: "us-east-1",
  AccountId: "000000000000",
  Partition: "aws",
} as const;

export const arnOf = (physicalId: string) =>
  `arn:aws:fake:us-east-1:000000000000:thing/${physicalId}`;
export const deepOf = (physicalId: string) => `deep-${physicalId}`;

type Of<Kind> = Extract<Expression, { readonly kind: Kind }>;

/** How a kind of expression is written, and what it comes to: the reading that the code under test has no part in. */
interface Meaning<Kind> {
  readonly json: (expression: Of<Kind>, json: (inner: Expression) => unknown) => unknown;
  readonly value: (
    expression: Of<Kind>,
    value: (inner: Expression) => unknown,
    given: Given,
  ) => unknown;
}

interface Given {
  readonly values: Values;
  /** Of the resource that is referred to. */
  readonly id: string;
}

const meanings: { readonly [Kind in Expression["kind"]]: Meaning<Kind> } = {
  text: { json: ({ text }) => text, value: ({ text }) => text },
  number: { json: ({ number }) => number, value: ({ number }) => number },
  flag: { json: ({ flag }) => flag, value: ({ flag }) => flag },
  ref: { json: ({ of }) => ({ Ref: of }), value: (_, __, { id }) => id },
  arn: { json: ({ of }) => ({ "Fn::GetAtt": [of, "Arn"] }), value: (_, __, { id }) => arnOf(id) },
  deep: {
    json: ({ of }) => ({ "Fn::GetAtt": `${of}.Nested.Deep` }),
    value: (_, __, { id }) => deepOf(id),
  },
  sub: {
    json: ({ of, how }) =>
      ({
        ref: { "Fn::Sub": `<\${${of}}>` },
        arn: { "Fn::Sub": `<\${${of}.Arn}>` },
        local: { "Fn::Sub": ["<${it}${!it}${AWS::Region}>", { it: { Ref: of } }] },
      })[how],
    value: ({ how }, _, { id }) =>
      ({ ref: `<${id}>`, arn: `<${arnOf(id)}>`, local: `<${id}\${it}us-east-1>` })[how],
  },
  join: {
    json: ({ parts }, json) => ({ "Fn::Join": ["+", parts.map(json)] }),
    value: ({ parts }, value) => parts.map((part) => String(value(part))).join("+"),
  },
  pick: {
    json: ({ index, parts }, json) => ({
      "Fn::Select": [index % parts.length, parts.map(json)],
    }),
    value: ({ index, parts }, value) => parts.map(value)[index % parts.length],
  },
  split: {
    json: ({ of }, json) => ({
      "Fn::Select": [0, { "Fn::Split": ["-", { "Fn::Join": ["", [json(of), "-z"]] }] }],
    }),
    value: ({ of }, value) => String(value(of)).split("-")[0],
  },
  base64: {
    json: ({ of }, json) => ({ "Fn::Base64": json(of) }),
    value: ({ of }, value) => Buffer.from(String(value(of))).toString("base64"),
  },
  if: {
    json: ({ condition, yes, no }, json) => ({ "Fn::If": [condition, json(yes), json(no)] }),
    value: ({ condition, yes, no }, value, { values }) =>
      value(holds(condition, values) ? yes : no),
  },
  parameter: {
    json: ({ name }) => ({ Ref: name }),
    value: ({ name }, _, { values }) => String(values[name]),
  },
  mapped: {
    json: ({ by, key }) => ({
      "Fn::FindInMap": ["Sizes", by === "Choice" ? { Ref: "Choice" } : by, key],
    }),
    value: ({ by, key }, _, { values }) =>
      mappings.Sizes[by === "Choice" ? values.Choice : by][key],
  },
  pseudo: {
    json: ({ name }) => ({ Ref: `AWS::${name}` }),
    value: ({ name }) => pseudo[name],
  },
};

function meaningOf({ kind }: Expression): Meaning<Expression["kind"]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each kind of expression is read by the entry of its kind
  return meanings[kind] as Meaning<Expression["kind"]>;
}

/** The resource that an expression names by itself. */
function named(expression: Expression): string | undefined {
  return "of" in expression && typeof expression.of === "string" ? expression.of : undefined;
}

/** As JSON for the template; what names a conditional resource is guarded by the same condition. */
export function toJson(expression: Expression, near: Neighbours): unknown {
  const json = (inner: Expression): unknown => toJson(inner, near);
  const written = () => meaningOf(expression).json(expression, json);
  const id = named(expression);
  if (id === undefined) return written();
  if (!near.exists(id)) return "absent";
  const condition = near.condition(id);
  return condition === undefined ? written() : { "Fn::If": [condition, written(), "absent"] };
}

export function valueOf(
  expression: Expression,
  values: Values,
  physicalId: (id: string) => string | undefined,
): unknown {
  const value = (inner: Expression): unknown => valueOf(inner, values, physicalId);
  const of = named(expression);
  const id = of === undefined ? "" : physicalId(of);
  return id === undefined
    ? "absent"
    : meaningOf(expression).value(expression, value, { values, id });
}

/** Expressions that may name the given resources. */
export function expressions(resources: readonly string[]): fc.Arbitrary<Expression> {
  const simple: fc.Arbitrary<Expression>[] = [
    fc.record({ kind: fc.constant("text"), text: fc.constantFrom("x", "y-1", "", "${!no}") }),
    fc.record({ kind: fc.constant("number"), number: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ kind: fc.constant("flag"), flag: fc.boolean() }),
    fc.record({
      kind: fc.constant("parameter"),
      name: fc.constantFrom("Choice" as const, "Count" as const),
    }),
    fc.record({
      kind: fc.constant("mapped"),
      by: fc.constantFrom("Choice" as const, "a" as const, "b" as const),
      key: fc.constantFrom("X" as const, "Y" as const),
    }),
    fc.record({
      kind: fc.constant("pseudo"),
      name: fc.constantFrom("StackName", "Region", "AccountId", "Partition"),
    }),
  ];
  const leaf = fc.oneof(...simple, ...naming(resources));
  const inner = fc.oneof(
    { maxDepth: 2 },
    leaf,
    fc.record({ kind: fc.constant("join"), parts: fc.array(leaf, { maxLength: 3 }) }),
    fc.record({
      kind: fc.constant("pick"),
      index: fc.nat(2),
      parts: fc.array(leaf, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("split"), of: leaf }),
    fc.record({ kind: fc.constant("base64"), of: leaf }),
  ) as fc.Arbitrary<Expression>;
  const branch = fc.record({
    kind: fc.constant("if" as const),
    condition: fc.constantFrom(...conditionNames),
    yes: inner,
    no: inner,
  });
  return fc.oneof({ weight: 3, arbitrary: inner }, { weight: 1, arbitrary: branch });
}

function naming(resources: readonly string[]): fc.Arbitrary<Expression>[] {
  if (resources.length === 0) return [];
  const of = fc.constantFrom(...resources);
  return [
    fc.record({ kind: fc.constant("ref" as const), of }),
    fc.record({ kind: fc.constant("arn" as const), of }),
    fc.record({ kind: fc.constant("deep" as const), of }),
    fc.record({
      kind: fc.constant("sub" as const),
      of,
      how: fc.constantFrom("ref" as const, "arn" as const, "local" as const),
    }),
  ];
}
