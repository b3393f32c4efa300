import { ServiceError } from "../../service-error.ts";

/** Errors of the Lambda API; names and statuses are those of AWS's service model. */
export const notFound = (message: string) =>
  new ServiceError("ResourceNotFoundException", message, { members: { Type: "User" } });

export const functionNotFound = (arn: string) => notFound(`Function not found: ${arn}`);

export const invalidParameter = (message: string) =>
  new ServiceError("InvalidParameterValueException", message, { members: { Type: "User" } });

export const conflict = (message: string) =>
  new ServiceError("ResourceConflictException", message, { members: { Type: "User" } });

export const updateInProgress = (arn: string) =>
  conflict(
    `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
  );

/** One member breaks a constraint of the service model; the text is AWS's general form. */
export const constraint = (
  member: string,
  value: string | number | null | undefined,
  rule: string,
) =>
  new ServiceError(
    "ValidationException",
    `1 validation error detected: Value ${value === null ? "null" : `'${value}'`} at '${member}' failed to satisfy constraint: ${rule}`,
    { status: 400 },
  );

export const preconditionFailed = () =>
  new ServiceError(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    { members: { Type: "User" } },
  );

export const throttled = () =>
  new ServiceError("TooManyRequestsException", "Rate Exceeded.", {
    members: { Type: "User", Reason: "ConcurrentInvocationLimitExceeded" },
  });

/** Refuses what is given and is none of these. */
export function checkEnum(
  member: string,
  value: string | undefined,
  values: readonly string[],
): void {
  if (value === undefined || values.includes(value)) return;
  throw constraint(member, value, `Member must satisfy enum value set: [${values.join(", ")}]`);
}
