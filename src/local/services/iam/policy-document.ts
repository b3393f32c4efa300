import { isRecord } from "../../../is-record.ts";
import { ServiceError } from "../../service-error.ts";

function malformed(message: string): ServiceError {
  return new ServiceError("MalformedPolicyDocumentException", message);
}

/** Checks what IAM checks of a policy document before it looks at its meaning. `trust`: of a role's trust policy. */
export function checkPolicyDocument(text: string, kind: "trust" | "permissions"): void {
  const document = parse(text);
  const statements = document["Statement"];
  if (statements === undefined) throw malformed("Syntax errors in policy.");
  for (const statement of Array.isArray(statements) ? statements : [statements]) {
    if (!isRecord(statement)) throw malformed("Syntax errors in policy.");
    checkStatement(statement, kind);
  }
}

function checkStatement(statement: Record<string, unknown>, kind: "trust" | "permissions"): void {
  if (statement["Effect"] !== "Allow" && statement["Effect"] !== "Deny")
    throw malformed("Syntax errors in policy.");
  if (!given(statement, "Action", "NotAction"))
    throw malformed("Policy statement must contain actions.");
  const hasPrincipal = given(statement, "Principal", "NotPrincipal");
  const hasResource = given(statement, "Resource", "NotResource");
  if (kind === "trust") {
    if (!hasPrincipal) throw malformed("Missing required field Principal");
    if (hasResource) throw malformed("Has prohibited field Resource");
  } else {
    if (hasPrincipal) throw malformed("Policy document should not specify a principal.");
    if (!hasResource) throw malformed("Policy statement must contain resources.");
  }
}

function given(statement: Record<string, unknown>, ...names: string[]): boolean {
  return names.some((name) => {
    const value = statement[name];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
}

function parse(text: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  if (!isRecord(document)) throw malformed("Syntax errors in policy.");
  return document;
}
