import type { FunctionSettings } from "../../src/synth/settings.ts";

type EventSettings = FunctionSettings["events"][number];
export type EventOf<T extends EventSettings["type"]> = Extract<EventSettings, { type: T }>;

/** Whether settings say this name. */
export type IsAsked = (name: string) => boolean;

export const eventsOf = <T extends EventSettings["type"]>(own: FunctionSettings, ...types: T[]) =>
  own.events.filter((event): event is EventOf<T> => (types as string[]).includes(event.type));
