import type { ServiceName } from "../../../../src/local/service.ts";

/** A real resource type with a few of its properties, by two numbers that a test draws. */
export interface Kind {
  readonly type: string;
  /** Resources that it names; without them it is left out. */
  readonly needs: readonly string[];
  readonly properties: (pick: Pick) => object;
  readonly dependsOn?: readonly string[];
  /** One that is to have a value. */
  readonly attribute?: string;
  /** A call whose answer has the last part of the physical id in it, as long as the resource is there. */
  readonly look?: (id: string) => readonly [service: ServiceName, operation: string, input: object];
}

/** Chooses one of the values, in a way that differs between the numbers drawn. */
export type Pick = <Value>(...values: readonly Value[]) => Value;

/** A property with one of the values, or without it: what a template stops giving has to go back as well. */
export const maybe = (pick: Pick, name: string, ...values: readonly unknown[]): object =>
  pick<object>({}, ...values.map((value) => ({ [name]: value })));

export const ref = (Ref: string) => ({ Ref });
export const att = (name: string, attribute: string) => ({ "Fn::GetAtt": [name, attribute] });
export const tags = (pick: Pick) => pick([], [{ Key: "k", Value: pick("one", "two") }]);
export const document = (...statements: readonly object[]) => ({
  Version: "2012-10-17",
  Statement: statements,
});
export const trust = document({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});
export const allow = (Action: string) => document({ Effect: "Allow", Action, Resource: "*" });
export const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;
