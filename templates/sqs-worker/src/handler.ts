import { fulfil } from "./order.ts";

/** What this function reads of an SQS event. */
interface QueueEvent {
  readonly Records?: readonly { readonly messageId: string; readonly body: string }[];
}

// One process works on many batches at once on Lambda Managed Instances, and the messages of a batch beside each other:
// what belongs to one message stays in variables of the functions that handle it.
export const handler = async ({ Records: records = [] }: QueueEvent) => {
  const outcomes = await Promise.allSettled(records.map(({ body }) => fulfil(body)));
  const batchItemFailures = records.flatMap(({ messageId }, index) => {
    const outcome = outcomes[index];
    if (outcome?.status !== "rejected") return [];
    console.error("not fulfilled", { messageId, reason: String(outcome.reason) });
    return [{ itemIdentifier: messageId }];
  });
  console.info("worked on a batch", { messages: records.length, failed: batchItemFailures.length });
  // Only these come again, because lmi.json says reportBatchItemFailures. An error instead would bring all of them back.
  return { batchItemFailures };
};
