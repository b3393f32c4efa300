import { randomUUID } from "node:crypto";
import { ServiceError } from "../../service-error.ts";
import type { Run } from "./run.ts";

/** Error codes of resource handlers (CloudFormation CLI user guide, "Handler error codes"), by words in the service's code. */
const handlerCodes: readonly (readonly [RegExp, string])[] = [
  [/NotStabilized/, "NotStabilized"],
  [/NotFound|NoSuch/, "NotFound"],
  [/AlreadyExists|AlreadyOwned/, "AlreadyExists"],
  [/Conflict|InUse/, "ResourceConflict"],
  [/AccessDenied|Unauthorized/, "AccessDenied"],
  [/Throttl|TooManyRequests/, "Throttling"],
  [/LimitExceeded/, "ServiceLimitExceeded"],
  [/Invalid|Validation|Malformed/, "InvalidRequest"],
];

/** The reason of a resource's failure as CloudFormation's events tell it. */
export function failureReason(run: Run, error: unknown): string {
  const token = randomUUID();
  if (error instanceof ServiceError) {
    const code =
      handlerCodes.find(([pattern]) => pattern.test(error.code))?.[1] ?? "GeneralServiceException";
    return `Resource handler returned message: "${error.message}" (RequestToken: ${token}, HandlerErrorCode: ${code})`;
  }
  run.context.log(
    `CloudFormation: unexpected failure: ${error instanceof Error ? error.stack : String(error)}`,
  );
  return `Resource handler returned message: "${error instanceof Error ? error.message : String(error)}" (RequestToken: ${token}, HandlerErrorCode: InternalFailure)`;
}
