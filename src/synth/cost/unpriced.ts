import type { EventSettings } from "../events/event-schema.ts";
import type { Settings } from "../settings.ts";

/** Sentences about what no figure holds: what has a price that lmi does not know, or that hangs on who calls. */
export function unpriced({ resources, stack, functions }: Settings): string[] {
  const own = Object.entries(resources).map(([id, { Type }]) => `${id} (${Type})`);
  const events = Object.values(functions).flatMap((each) => each.events);
  const polled = events.some(({ type }) => type === "sqs");
  const senders = [...new Set(events.flatMap(({ type }) => billedBy[type] ?? []))];
  return [
    ...(own.length > 0 ? [`Without the resources of your own: ${own.join(", ")}.`] : []),
    ...(stack ? ["Without what the stack function adds."] : []),
    // Lambda asks a queue also when nothing is in it; how often hangs on how many pollers there are.
    ...(polled ? ["Without SQS requests, which Lambda makes all the time."] : []),
    ...(senders.length > 0 ? [`Without what grows with the events: ${senders.join(", ")}.`] : []),
  ];
}

/** What a service takes for each event (its price page: API Gateway, EventBridge, SNS). */
const billedBy: Readonly<Partial<Record<EventSettings["type"], string>>> = {
  http: "requests of HTTP APIs",
  rule: "events of EventBridge",
  schedule: "invocations of EventBridge Scheduler",
  sns: "messages of SNS",
};
