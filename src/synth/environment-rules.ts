import type { RuleIssue } from "./rule-issue.ts";
import type { EnvironmentValue, FunctionSettings } from "./settings.ts";

/** Lambda quotas: all environment variables together, in bytes. */
const MAX_ENVIRONMENT_BYTES = 4096;
/** Lambda developer guide, configuration-envvars: set by the runtime, refused by CreateFunction. */
const RESERVED_VARIABLE =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(GROUP|STREAM)_NAME|RUNTIME_API|MAX_CONCURRENCY))$/;

/** Never with the values: they may be secrets. */
export function environmentRules(name: string, { environment }: FunctionSettings): RuleIssue[] {
  const path = ["functions", name, "environment"];
  const each = Object.entries(environment).flatMap(([key, value]) =>
    variableRules(key, value).map((found): RuleIssue => ({
      ...found,
      path: [...path, key],
      value: undefined,
      severity: "error",
    })),
  );
  return [...each, ...sizeRule(environment, path)];
}

type Found = Pick<RuleIssue, "code" | "message">;

function variableRules(key: string, value: EnvironmentValue): Found[] {
  const reserved: Found[] = RESERVED_VARIABLE.test(key)
    ? [{ code: "variable-reserved", message: "is set by Lambda itself and cannot be set here" }]
    : [];
  return [...reserved, ...referenceRules(value)];
}

function referenceRules(value: EnvironmentValue): Found[] {
  if (typeof value === "string") {
    if (!value.includes("{{resolve:ssm-secure:")) return [];
    const message =
      "cannot be a SecureString: CloudFormation resolves ssm-secure in no property of a function";
    return [{ code: "variable-ssm-secure", message }];
  }
  if (!("secret" in value) || value.versionStage === undefined || value.versionId === undefined)
    return [];
  return [{ code: "secret-version-twice", message: "takes versionStage or versionId, not both" }];
}

/** What a reference comes to is not known here; its name counts. */
function sizeRule(
  environment: Readonly<Record<string, EnvironmentValue>>,
  path: readonly string[],
): RuleIssue[] {
  const texts = Object.entries(environment).flatMap(([key, value]) =>
    typeof value === "string" ? [key, value] : [key],
  );
  const bytes = Buffer.byteLength(texts.join(""));
  if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
  const message = `must be at most ${MAX_ENVIRONMENT_BYTES} bytes together, and are ${bytes}`;
  return [{ path, value: undefined, message, code: "environment-too-large", severity: "error" }];
}
