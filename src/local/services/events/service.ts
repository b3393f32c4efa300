import { PushDelivery } from "../../push-delivery.ts";
import type { Service, TargetContext } from "../../service.ts";
import { busOperations } from "./bus-operations.ts";
import { openEventStore } from "./event-store.ts";
import { ruleOperations } from "./rule-operations.ts";
import { sendOperations } from "./send-operations.ts";

/** EventBridge: buses, rules, and functions that events go to. */
export function createEventBridgeService(target: TargetContext): Service {
  const store = openEventStore(target);
  const delivery = new PushDelivery(target);
  return {
    name: "events",
    operations: {
      ...busOperations(target, store),
      ...ruleOperations(store),
      ...sendOperations(target, store, delivery),
    },
    close: () => delivery.close(),
  };
}
