import { ServiceError } from "../../service-error.ts";

/** Texts as CloudWatch Logs answers them; the classes are those of its API reference. */
export function noSuchGroup(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "The specified log group does not exist.", {
    status: 400,
  });
}

export function noSuchStream(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "The specified log stream does not exist.", {
    status: 400,
  });
}

export function alreadyExists(what: "log group" | "log stream"): ServiceError {
  return new ServiceError(
    "ResourceAlreadyExistsException",
    `The specified ${what} already exists`,
    { status: 400 },
  );
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError("InvalidParameterException", message, { status: 400 });
}
