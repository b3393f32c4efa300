import { ServiceError } from "../../service-error.ts";

interface Entry {
  readonly Id: string | undefined;
}

/** Each entry for itself: what fails is told beside what succeeds (Amazon SQS API, batch actions). */
export function batch<Given extends Entry>(
  entries: readonly Given[] | undefined,
  work: (entry: Given) => object,
): { readonly Successful: object[]; readonly Failed: object[] } {
  const all = checked(entries ?? []);
  const results = all.map((entry) => ({ Id: entry.Id, ...attempt(() => work(entry)) }));
  return {
    Successful: results.filter((result) => !("Code" in result)),
    Failed: results.filter((result) => "Code" in result),
  };
}

function attempt(work: () => object): object {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { SenderFault: true, Code: error.code, Message: error.message };
  }
}

function checked<Given extends Entry>(entries: readonly Given[]): readonly Given[] {
  if (entries.length === 0)
    throw new ServiceError(
      "EmptyBatchRequest",
      "There should be at least one SendMessageBatchRequestEntry in the request.",
    );
  if (entries.length > 10)
    throw new ServiceError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id = "" }) => Id);
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id)))
    throw new ServiceError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new ServiceError("BatchEntryIdsNotDistinct", `Id ${twice} repeated.`);
  return entries;
}
