import { ServiceError } from "../../service-error.ts";

/* Errors of SQS: names are those of AWS's model, texts as its clients show them. */

export const queueDoesNotExist = () =>
  new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");

export const invalidAttributeName = (name: string) =>
  new ServiceError("InvalidAttributeName", `Unknown Attribute ${name}.`);

export const invalidAttributeValue = (name: string) =>
  new ServiceError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);

export const invalidReceipt = (handle: string) =>
  new ServiceError(
    "ReceiptHandleIsInvalid",
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );

/** Not in the model, as on AWS. */
export const invalidParameter = (message: string) =>
  new ServiceError("InvalidParameterValue", message, { status: 400 });

export const missingParameter = (name: string) =>
  new ServiceError("MissingParameter", `The request must contain the parameter ${name}.`, {
    status: 400,
  });
