import type { FunctionSettings } from "../settings.ts";
import type { EventOf, EventSettings, EventType } from "./event-schema.ts";
import { sqsFacts } from "./sqs-facts.ts";

/** Something wrong within one event; `key` is one of its settings, or empty for the whole. */
export interface EventFinding {
  readonly key: string;
  readonly value: unknown;
  readonly message: string;
  readonly code: string;
  readonly severity?: "warning";
  /** Other settings of the function that it read. */
  readonly involves?: readonly string[];
}

/** What is known of a kind of event source without making anything of it (no CDK here). */
export interface EventFacts<Event> {
  /**
   * Tells the sources of one kind apart, also in their logical ids: never the place in the list, since a source that
   * moves there would be replaced. Empty where there is one of a kind.
   */
  identity(event: Event): string;
  /** VPC endpoints that the instances need for it. */
  endpoints(event: Event): readonly string[];
  rules(event: Event, own: FunctionSettings): readonly EventFinding[];
}

const facts: { readonly [T in EventType]: EventFacts<EventOf<T>> } = { sqs: sqsFacts };

export function factsOf<T extends EventType>(event: EventOf<T>): EventFacts<EventOf<T>> {
  return facts[event.type];
}

/** Endpoints of all event sources of a function. */
export function eventEndpoints({ events }: FunctionSettings): string[] {
  return events.flatMap((event: EventSettings) => factsOf(event).endpoints(event));
}
