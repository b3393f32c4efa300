import { constraint } from "./failures.ts";

/*
 * Constraints of the service model that the SDK's schemas leave out: ranges, lengths, enumerations, patterns. The
 * sentences are AWS's general form of a ValidationException. What is not given breaks none of them.
 */

/** A number from `min` to `max`, both included. */
export function range(member: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined) return;
  if (value < min)
    throw constraint(member, value, `Member must have value greater than or equal to ${min}`);
  if (value > max)
    throw constraint(member, value, `Member must have value less than or equal to ${max}`);
}

/** A list of `min` to `max` items. */
export function size(
  member: string,
  values: readonly unknown[] | undefined,
  min: number,
  max: number,
): void {
  if (values === undefined) return;
  const shown = `[${values.join(", ")}]`;
  if (values.length < min)
    throw constraint(member, shown, `Member must have length greater than or equal to ${min}`);
  if (values.length > max)
    throw constraint(member, shown, `Member must have length less than or equal to ${max}`);
}

export function oneOf(member: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw constraint(member, value, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
}

/** Items that each match the pattern as a whole and have at most `max` characters. */
export function each(
  member: string,
  values: readonly string[] | undefined,
  pattern: RegExp,
  max: number,
): void {
  if (!values?.some((value) => value.length > max || !pattern.test(value))) return;
  const rules = [
    `Member must have length less than or equal to ${max}`,
    "Member must have length greater than or equal to 1",
    `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, "")}`,
  ];
  throw constraint(
    member,
    `[${values.join(", ")}]`,
    `Member must satisfy constraint: [${rules.join(", ")}]`,
  );
}
