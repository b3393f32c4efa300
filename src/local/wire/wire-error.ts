import { ServiceError } from "../service-error.ts";

/** The request cannot be read: AWS's services answer this before they look at the operation. */
export function serializationError(message: string): ServiceError {
  return new ServiceError("SerializationException", message, { status: 400 });
}
