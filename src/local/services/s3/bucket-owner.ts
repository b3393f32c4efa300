import type { CallContext, Operation } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";

interface OwnedInput {
  readonly ExpectedBucketOwner?: string;
  readonly ExpectedSourceBucketOwner?: string;
}

/**
 * Refuses a request that expects a bucket to be another account's: here all are the caller's own.
 * Source: Amazon S3 user guide, "Verifying bucket ownership with bucket owner condition".
 */
export function withBucketOwners(
  operations: Readonly<Record<string, Operation>>,
): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, checked(operation)]),
  );
}

function checked(operation: Operation): Operation {
  return async (input: OwnedInput, context: CallContext) => {
    const { ExpectedBucketOwner, ExpectedSourceBucketOwner } = input;
    const isOwn = [ExpectedBucketOwner, ExpectedSourceBucketOwner].every(
      (owner = context.accountId) => owner === context.accountId,
    );
    if (!isOwn) throw new ServiceError("AccessDenied", "Access Denied", { status: 403 });
    return operation(input as never, context);
  };
}
