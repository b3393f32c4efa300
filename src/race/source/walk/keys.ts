import type { Thing, Value } from "./value.ts";

/** A key that depends on the request: whoever asks with another one gets something else. */
export function isOneOf({ request, fresh, things }: Value): boolean {
  return request || fresh || isContext(things);
}

/** A key that no other request has: its id, chance, its context, and in a WeakMap every object that it brings. */
export function isOwn(thing: Thing, { request, fresh, things }: Value): boolean {
  return fresh || isContext(things) || (request && /^new Weak(?:Map|Set)@/.test(thing.key));
}

const isContext = (things: readonly Thing[]) => things.some(({ kind }) => kind === "context");
