import { PushDelivery } from "../../push-delivery.ts";
import type { Service, TargetContext } from "../../service.ts";
import { publishOperations } from "./publish-operations.ts";
import { openSnsStore } from "./sns-store.ts";
import { subscriptionOperations } from "./subscription-operations.ts";
import { topicOperations } from "./topic-operations.ts";

/** SNS: topics whose messages go to functions and queues. */
export function createSnsService(target: TargetContext): Service {
  const store = openSnsStore(target);
  const delivery = new PushDelivery(target);
  return {
    name: "sns",
    operations: {
      ...topicOperations(store),
      ...subscriptionOperations(store),
      ...publishOperations(target, store, delivery),
    },
    close: () => delivery.close(),
  };
}
