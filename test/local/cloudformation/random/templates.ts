import * as fc from "fast-check";
import { conditionNames, conditions, expressions, holds, mappings, toJson } from "./expressions.ts";
import type { Condition, Expression, Neighbours, Values } from "./expressions.ts";

/** Logical ids; each may name those before it. The type hangs on the id, since a resource keeps its type for life. */
const slots = ["A", "B", "C", "D", "E", "F"] as const;
export type Slot = (typeof slots)[number];

export const namedType = "Test::Random::Named";
export const plainType = "Test::Random::Plain";
export const typeOf = (id: string) => (id === "B" || id === "E" ? plainType : namedType);

export type Policy = "Delete" | "Retain" | "RetainExceptOnCreate" | undefined;

export interface RandomResource {
  /** A name of one's own; only the named type has it. */
  readonly name: string | undefined;
  readonly value: Expression;
  readonly fixed: number;
  /** Resources that must exist as long as this one does. */
  readonly uses: readonly string[];
  readonly config: { readonly Size: number; readonly Kind: string | undefined } | undefined;
  readonly condition: Condition | undefined;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: Policy;
  readonly updateReplacePolicy: Exclude<Policy, "RetainExceptOnCreate">;
  readonly metadata: number | undefined;
}

export interface RandomOutput {
  readonly value: Expression;
  readonly condition: Condition | undefined;
  readonly exported: boolean;
}

export interface RandomTemplate {
  readonly resources: Readonly<Partial<Record<Slot, RandomResource>>>;
  readonly outputs: readonly RandomOutput[];
}

const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary });

function resource(id: Slot): fc.Arbitrary<RandomResource> {
  const before = slots.slice(0, slots.indexOf(id));
  const some = fc.subarray(before, { maxLength: Math.min(2, before.length) });
  return fc.record({
    name: rarely(fc.constantFrom(`own-${id}-1`, `own-${id}-2`)),
    value: expressions(before),
    fixed: fc.nat(1),
    uses: some,
    config: rarely(fc.record({ Size: fc.nat(2), Kind: rarely(fc.constantFrom("small", "large")) })),
    condition: rarely(fc.constantFrom(...conditionNames)),
    dependsOn: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, some),
    deletionPolicy: rarely(fc.constantFrom("Delete", "Retain", "RetainExceptOnCreate")),
    updateReplacePolicy: rarely(fc.constantFrom("Delete", "Retain")),
    metadata: rarely(fc.nat(1)),
  });
}

const resources = fc.record(
  Object.fromEntries(slots.map((id) => [id, resource(id)])) as Record<
    Slot,
    fc.Arbitrary<RandomResource>
  >,
  { requiredKeys: [] },
);

/** CloudFormation wants at least one resource, so one without a condition is always there. */
export const templates: fc.Arbitrary<RandomTemplate> = fc.record({
  resources: fc
    .tuple(resources, resource("A"))
    .map(([some, first]) =>
      Object.values(some).some(({ condition }) => condition === undefined)
        ? some
        : { ...some, A: { ...first, condition: undefined } },
    ),
  outputs: fc.array(
    fc.record({
      value: expressions(slots),
      condition: rarely(fc.constantFrom(...conditionNames)),
      exported: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
});

function neighbours({ resources: all }: RandomTemplate): Neighbours {
  return {
    exists: (id) => all[id as Slot] !== undefined,
    condition: (id) => all[id as Slot]?.condition,
  };
}

function resourceJson(template: RandomTemplate, id: Slot, made: RandomResource): object {
  const near = neighbours(template);
  const uses = made.uses.map((of) => toJson({ kind: "ref", of }, near));
  const named = typeOf(id) === namedType;
  return {
    Type: typeOf(id),
    ...(made.condition ? { Condition: made.condition } : {}),
    ...(made.dependsOn.length > 0
      ? { DependsOn: made.dependsOn.filter((other) => near.exists(other)) }
      : {}),
    ...(made.deletionPolicy ? { DeletionPolicy: made.deletionPolicy } : {}),
    ...(made.updateReplacePolicy ? { UpdateReplacePolicy: made.updateReplacePolicy } : {}),
    ...(made.metadata === undefined ? {} : { Metadata: { n: made.metadata } }),
    Properties: {
      ...(named && made.name !== undefined ? { Name: made.name } : {}),
      Value: toJson(made.value, near),
      Fixed: made.fixed,
      Uses: uses,
      ...(made.config ? { Config: { ...made.config } } : {}),
    },
  };
}

export function toBody(template: RandomTemplate): string {
  const near = neighbours(template);
  const entries = Object.entries(template.resources) as [Slot, RandomResource][];
  return JSON.stringify({
    Parameters: {
      Choice: { Type: "String", Default: "a", AllowedValues: ["a", "b"] },
      Count: { Type: "Number", Default: 1, MinValue: 1, MaxValue: 3 },
    },
    Mappings: mappings,
    Conditions: conditions,
    Resources: Object.fromEntries(
      entries.map(([id, made]) => [id, resourceJson(template, id, made)]),
    ),
    Outputs: Object.fromEntries(
      template.outputs.map(({ value, condition, exported }, index) => [
        `Out${index}`,
        {
          Value: toJson(value, near),
          ...(condition ? { Condition: condition } : {}),
          ...(exported ? { Export: { Name: { "Fn::Sub": `\${AWS::StackName}-${index}` } } } : {}),
        },
      ]),
    ),
  });
}

/** The resources that a deployment with these parameters has. */
export function active(template: RandomTemplate, values: Values): Map<Slot, RandomResource> {
  const entries = Object.entries(template.resources) as [Slot, RandomResource][];
  return new Map(
    entries.filter(([, { condition }]) => condition === undefined || holds(condition, values)),
  );
}
