import * as fc from "fast-check";
import { conditionNames, conditions, holds } from "./expressions.ts";
import type { Condition, Values } from "./expressions.ts";
import type { Kind, Pick } from "./kind.ts";
import { kinds } from "./real-kinds.ts";

export interface RealResource {
  /** What `pick` goes by. */
  readonly numbers: readonly number[];
  readonly condition: Condition | undefined;
  readonly retained: boolean;
}

export type RealTemplate = Readonly<Record<string, RealResource>>;

const all = Object.entries(kinds);
const needed = new Set(all.flatMap(([, { needs }]) => needs));
/** Nothing is in the way of these where they stay. */
const retainable = new Set(["Bucket", "Repository", "Database"]);

function resource(id: string): fc.Arbitrary<RealResource> {
  const conditional = fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...conditionNames) },
  );
  return fc.record({
    numbers: fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }),
    condition: needed.has(id) ? fc.constant(undefined) : conditional,
    retained: retainable.has(id) ? fc.boolean() : fc.constant(false),
  });
}

/** Some kinds with everything that they need. */
export const realTemplates: fc.Arbitrary<RealTemplate> = fc
  .record(Object.fromEntries(all.map(([id]) => [id, resource(id)])), { requiredKeys: [] })
  .map((drawn) => {
    const some: Record<string, RealResource> = {};
    for (const [id, { needs }] of all) {
      const one = drawn[id];
      if (one && needs.every((need) => need in some)) some[id] = one;
    }
    return Object.keys(some).length > 0
      ? some
      : { Logs: { numbers: [0], condition: undefined, retained: false } };
  });

function picker(numbers: readonly number[]): Pick {
  let next = 0;
  return <Value>(...choice: readonly Value[]): Value => {
    const number = numbers[next % numbers.length] ?? 0;
    next += 1;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- kinds give at least one value
    return choice[number % choice.length] as Value;
  };
}

function resourceJson(kind: Kind, { numbers, condition, retained }: RealResource): object {
  return {
    Type: kind.type,
    ...(condition ? { Condition: condition } : {}),
    ...(kind.dependsOn ? { DependsOn: kind.dependsOn } : {}),
    ...(retained ? { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" } : {}),
    Properties: kind.properties(picker(numbers)),
  };
}

export function realBody(template: RealTemplate): string {
  const entries = Object.entries(template);
  return JSON.stringify({
    Parameters: {
      Choice: { Type: "String", Default: "a" },
      Count: { Type: "Number", Default: 1 },
    },
    Conditions: conditions,
    Resources: Object.fromEntries(entries.map(([id, one]) => [id, resourceJson(kindOf(id), one)])),
    Outputs: Object.fromEntries(
      entries.flatMap(([id, { condition }]) => {
        const { attribute } = kindOf(id);
        const only = condition ? { Condition: condition } : {};
        const ref = [`${id}Ref`, { ...only, Value: { Ref: id } }];
        if (attribute === undefined) return [ref];
        return [ref, [`${id}Attribute`, { ...only, Value: { "Fn::GetAtt": [id, attribute] } }]];
      }),
    ),
  });
}

export function kindOf(id: string): Kind {
  const kind = kinds[id];
  if (!kind) throw new Error(`no kind ${id}`);
  return kind;
}

export const activeIds = (template: RealTemplate, values: Values): string[] =>
  Object.entries(template).flatMap(([id, { condition }]) =>
    condition === undefined || holds(condition, values) ? [id] : [],
  );
