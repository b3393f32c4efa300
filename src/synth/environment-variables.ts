import type { EnvironmentValue } from "./settings.ts";

/**
 * Variables as the template has them. A reference is resolved by CloudFormation with the deployer's permissions, and its
 * value becomes part of the function's configuration (CloudFormation user guide, dynamic-references). The template, and
 * what is made of it here, never hold the value.
 */
export function templateVariables(
  environment: Readonly<Record<string, EnvironmentValue>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, templateText(value)]),
  );
}

function templateText(value: EnvironmentValue): string {
  if (typeof value === "string") return value;
  if ("ssm" in value) {
    const version = value.version === undefined ? "" : `:${value.version}`;
    return `{{resolve:ssm:${value.ssm}${version}}}`;
  }
  const { secret, key = "", versionStage = "", versionId = "" } = value;
  const parts = [secret, "SecretString", key, versionStage, versionId].join(":");
  return `{{resolve:secretsmanager:${parts.replace(/:+$/, "")}}}`;
}
