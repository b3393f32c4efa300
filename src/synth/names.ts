import { createHash } from "node:crypto";

/** A name, and the environment of `--env` behind it, so that two environments fit into one account. */
export function withEnvironment(name: string, environment: string | undefined): string {
  return environment === undefined ? name : `${name}-${environment}`;
}

/** `lmi-<project>`, or `lmi-<project>-<environment>` with `--env`. */
export function stackName(project: string, environment: string | undefined): string {
  return withEnvironment(`lmi-${project}`, environment);
}

/** The function's name at AWS: its key in lmi.json, and the environment. */
export function deployedFunctionName(key: string, environment: string | undefined): string {
  return withEnvironment(key, environment);
}

export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** The provider itself is named by CloudFormation, so its log group carries the stack's name instead. */
export function capacityProviderLogGroup(stack: string, name?: string): string {
  return `/aws/lambda/capacity-provider/${stack}${name === undefined ? "" : `-${name}`}`;
}

/** `CapacityProvider`, or with the name of a further one in front, by the rule of constructId. */
export function providerConstructId(name: string | undefined): string {
  return name === undefined ? "CapacityProvider" : `${pascalId(name)}CapacityProvider`;
}

/**
 * Construct id of a function: its key in PascalCase, ending with Function or Lambda, which nothing else in the stack
 * does. A key that another key could collide with (`a_b` and `a-b`) carries a hash. It depends on the key alone, so that
 * adding a function never renames, and so replaces, another one.
 */
export function constructId(key: string): string {
  const id = pascalId(key);
  return id.endsWith("Function") ? id : `${id}Lambda`;
}

/** Construct id of an alias of the function with this one. */
export function aliasConstructId(functionId: string, name: string): string {
  return `${functionId}${pascalId(name)}Alias`;
}

/** PascalCase; with a hash where other keys come to the same. */
function pascalId(key: string): string {
  const pascal = key
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  const kebab = pascal.replaceAll(/(?!^)([A-Z])/g, "-$1").toLowerCase();
  return kebab === key
    ? pascal
    : `${pascal}${createHash("sha256").update(key).digest("hex").slice(0, 6)}`;
}
