import type { PutParameterRequest } from "@aws-sdk/client-ssm";
import { ServiceError } from "../../service-error.ts";
import type { Parameter } from "./parameter.ts";

/** Source of limits and texts: AWS Systems Manager API reference, PutParameter. */
const maxBytes = { Standard: 4096, Advanced: 8192 } as const;

export function checkParameter(input: PutParameterRequest, before: Parameter | undefined): void {
  const type = input.Type ?? before?.type;
  checkName(input.Name ?? "");
  if (type === undefined) {
    throw new ServiceError(
      "ValidationException",
      "A parameter type is required when you create a parameter.",
      { status: 400 },
    );
  }
  if (type === "SecureString") {
    const message =
      "The lmi local target does not implement parameters of type SecureString; use String for tests, or Secrets Manager";
    throw new ServiceError("NotImplemented", message, { status: 501 });
  }
  if (before !== undefined && input.Type !== undefined && input.Type !== before.type) {
    const message = `The parameter type cannot be changed from ${before.type} to ${input.Type}.`;
    throw new ServiceError("HierarchyTypeMismatchException", message);
  }
  checkValue(input, before);
}

/** At most this many names at once, and levels of a name (API reference: GetParameters, PutParameter). */
const maxNames = 10;
const maxLevels = 15;

export function checkNames(names: readonly string[]): void {
  if (names.length >= 1 && names.length <= maxNames) return;
  const bound =
    names.length === 0 ? "greater than or equal to 1" : `less than or equal to ${maxNames}`;
  const message = `1 validation error detected: Value '[${names.join(", ")}]' at 'names' failed to satisfy constraint: Member must have length ${bound}`;
  throw new ServiceError("ValidationException", message);
}

export function invalidPath(path: string): ServiceError {
  const message = `The parameter path ${path} must be a fully qualified one: it begins with a slash and consists of letters, numbers and the symbols .-_/`;
  return new ServiceError("ValidationException", message);
}

function checkName(name: string): void {
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name)) {
    const message =
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of ' +
      "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_";
    throw new ServiceError("ValidationException", message, { status: 400 });
  }
  if (name.includes("/") && !name.startsWith("/")) {
    const message = "Parameter name must be a fully qualified name.";
    throw new ServiceError("ValidationException", message, { status: 400 });
  }
  if (name.split("/").length - 1 > maxLevels) {
    const message = `Hierarchy depth exceeds the maximum of ${maxLevels} levels: ${name}`;
    throw new ServiceError("HierarchyLevelLimitExceededException", message);
  }
  if (/^\/?(aws|ssm)(\/|$)/i.test(name)) {
    throw new ServiceError(
      "AccessDeniedException",
      `No access to reserved parameter name: ${name}.`,
      { status: 400 },
    );
  }
}

function checkValue(input: PutParameterRequest, before: Parameter | undefined): void {
  const value = input.Value ?? "";
  const tier =
    input.Tier === "Advanced" || input.Tier === "Intelligent-Tiering" ? "Advanced" : "Standard";
  if (value === "")
    throw new ServiceError("ValidationException", "Parameter value can't be empty.", {
      status: 400,
    });
  if (Buffer.byteLength(value) > maxBytes[tier]) {
    const message = `${tier} tier parameters support a maximum parameter value of ${maxBytes[tier]} characters.`;
    throw new ServiceError("ValidationException", message, { status: 400 });
  }
  const pattern = input.AllowedPattern ?? before?.allowedPattern;
  if (pattern !== undefined && pattern !== "" && !compile(pattern).test(value)) {
    const message = "Parameter value, cannot be validated against allowedPattern: " + pattern;
    throw new ServiceError("ParameterPatternMismatchException", message);
  }
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new ServiceError(
      "InvalidAllowedPatternException",
      "The request doesn't meet the regular expression requirement.",
    );
  }
}
