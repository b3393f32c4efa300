import type { Service, TargetContext } from "../../service.ts";
import { messageOperations } from "./message-operations.ts";
import { queueOperations } from "./queue-operations.ts";
import { QueueStore } from "./queue-store.ts";

/** Queues that hold messages, hide them while they are worked on, and give up on them as SQS does. */
export function createSqsService(target: TargetContext): Service {
  const store = new QueueStore(target);
  return {
    name: "sqs",
    operations: { ...queueOperations(target, store), ...messageOperations(store) },
  };
}
