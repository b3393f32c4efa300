import { createHash } from "node:crypto";

/** `lmi-<project>`, or `lmi-<project>-<environment>` with `--env`. */
export function stackName(project: string, environment: string | undefined): string {
  return environment === undefined ? `lmi-${project}` : `lmi-${project}-${environment}`;
}

/** The function's name at AWS: its key in lmi.json, and the environment, so that two environments fit into one account. */
export function deployedFunctionName(key: string, environment: string | undefined): string {
  return environment === undefined ? key : `${key}-${environment}`;
}

export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** The provider itself is named by CloudFormation, so its log group carries the stack's name instead. */
export function capacityProviderLogGroup(stack: string): string {
  return `/aws/lambda/capacity-provider/${stack}`;
}

/**
 * Construct id of a function: its key in PascalCase, ending with Function or Lambda, which nothing else in the stack
 * does. A key that another key could collide with (`a_b` and `a-b`) carries a hash. It depends on the key alone, so that
 * adding a function never renames, and so replaces, another one.
 */
export function constructId(key: string): string {
  const pascal = key
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  const kebab = pascal.replaceAll(/(?!^)([A-Z])/g, "-$1").toLowerCase();
  const hash = kebab === key ? "" : createHash("sha256").update(key).digest("hex").slice(0, 6);
  return pascal.endsWith("Function") && hash === "" ? pascal : `${pascal}${hash}Lambda`;
}
