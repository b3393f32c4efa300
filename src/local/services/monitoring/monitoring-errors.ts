import { ServiceError } from "../../service-error.ts";

/** Errors of the CloudWatch API by their query codes, under which older clients know them (botocore service model). */
export const invalidValue = (message: string) => new ServiceError("InvalidParameterValue", message);

export const invalidCombination = (message: string) =>
  new ServiceError("InvalidParameterCombination", message);

export const invalidNextToken = () =>
  new ServiceError("InvalidNextToken", "The next token that was specified is invalid.");

/** GetMetricData answers what is wrong with its queries so. */
export const validationError = (message: string) =>
  new ServiceError("ValidationError", message, { status: 400 });

export const notImplementedHere = (what: string) =>
  new ServiceError(
    "NotImplemented",
    `The lmi local target does not implement ${what} of CloudWatch`,
    {
      status: 501,
    },
  );
