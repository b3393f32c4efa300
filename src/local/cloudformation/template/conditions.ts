import { evaluate } from "./evaluate.ts";
import type { Scope } from "./evaluate.ts";
import { validationError } from "./template.ts";
import type { JsonObject, Template } from "./template.ts";

/**
 * The conditions of a template, each computed when first asked for.
 * They see parameters and mappings only; resources do not exist yet.
 */
export function conditions(
  template: Template,
  parameter: (name: string) => unknown,
): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const open = new Set<string>();
  const condition = (name: string): boolean => {
    const value = known.get(name);
    if (value !== undefined) return value;
    if (!(name in template.Conditions)) {
      throw validationError(
        `Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`,
      );
    }
    if (open.has(name)) {
      throw validationError(
        `Template format error: Circular dependencies in conditions: [${[...open].join(", ")}]`,
      );
    }
    open.add(name);
    const result = evaluate(template.Conditions[name], scope) === true;
    open.delete(name);
    known.set(name, result);
    return result;
  };
  const scope = parameterScope(parameter, template.Mappings, condition, template.extended);
  for (const name of Object.keys(template.Conditions)) condition(name);
  return condition;
}

/** A scope in which no resource exists: for conditions and rules. */
export function parameterScope(
  parameter: (name: string) => unknown,
  mappings: Readonly<Record<string, JsonObject>>,
  condition: (name: string) => boolean,
  extended = false,
): Scope {
  return {
    extended,
    parameter,
    mappings,
    condition,
    reference: (name) => {
      throw validationError(
        `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
      );
    },
    attribute: refuse("Fn::GetAtt"),
    zones: refuse("Fn::GetAZs"),
    imported: refuse("Fn::ImportValue"),
  };
}

function refuse(what: string): () => never {
  return () => {
    throw validationError(`Template error: Cannot use ${what} in Conditions.`);
  };
}
