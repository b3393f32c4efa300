import type { AnyNode } from "acorn";
import { isOneOf } from "./keys.ts";
import { type Thing, type Value, answer, createThing, join, nothing, thingValue } from "./value.ts";
import type { Walk } from "./walk.ts";

/*
 * What requests do one after the other. A turn has a name: the variable with the promise that each waits for before it
 * puts its own there, or "lock:" and where the lock was made.
 */

const functionsIn = ({ things }: Value) => things.filter(({ kind }) => kind === "function");
const lockTurn = (thing: Thing) => `lock:${thing.key}`;

/** Whether requests really have it one after the other: what is in a variable must be the promise of who waited last. */
export function isTurn({ queues }: Walk, turn: string): boolean {
  return turn.startsWith("lock:") || queues.has(turn);
}

/** Turns that whoever has waited for a value is in. */
export function turnsOf(
  { waitedFor }: Walk,
  { from, content, chain = [], after = [], turns = [] }: Value,
): string[] {
  if (chain.some((call) => waitedFor.has(call))) return [];
  const own = new Set([...(content ?? [])].map(({ write }) => write.location));
  // Who waits for its own promise waits for nobody else.
  const read = [...(from?.keys() ?? [])].filter((location) => !own.has(location));
  return [...turns, ...after, ...read];
}

/** What is put somewhere at once after it was read there: nobody else came in between. */
export function lookForTurn(walk: Walk, location: string, value: Value): void {
  const { after, chain = [], promise } = value;
  const { flow } = walk;
  const awaited = loopTurn(location);
  const since = flow.turns.get(awaited);
  if (since === flow.pauses) walk.queues.add(awaited);
  else if (since !== undefined) flow.turns.delete(awaited);
  if (!walk.readAt.has(`${location} ${flow.pauses}`)) return;
  if (!promise && after?.includes(location) !== true) return;
  // Who puts its own promise in place of the one that it found is who the next one waits for.
  walk.queues.add(location);
  for (const call of chain) walk.waitedFor.add(call);
  if (promise) walk.endedBy.set(promise.key, location);
}

const loopTurn = (location: string) => `while ${location}`;

/** `while (locked) await …`: whoever goes on, and sets it at once, is alone. */
export function waitedWhile(walk: Walk, locations: readonly string[], pausesBefore: number): void {
  if (walk.flow.pauses > pausesBefore)
    for (const location of locations) walk.flow.take(loopTurn(location));
}

/** `new Promise((resolve) => …)`, which is over when somebody calls `resolve`. */
export function newPromise(walk: Walk, args: readonly Value[], node: AnyNode): Value | undefined {
  if (walk.atStart) return undefined;
  const resolve = createThing("resolver", "resolve", `resolve@${node.start}`, false);
  for (const thing of args.flatMap(functionsIn))
    walk.call(thing, [thingValue(resolve), thingValue(resolve)], node);
  const { request, fresh } = answer(args);
  // Kept where other requests find it: they say when it goes on. How many they let through, a run shows.
  const waits = resolve.shared && resolve.keyed !== true;
  return { ...nothing, request, fresh, promise: resolve, turns: waits ? [lockTurn(resolve)] : [] };
}

/** `Promise.withResolvers()` */
export function withResolvers(walk: Walk, _args: readonly Value[], node: AnyNode): Value {
  const resolve = createThing("resolver", "resolve", `resolve@${node.start}`, walk.atStart);
  const made = createThing("object", "", `{}@${node.start}`, walk.atStart);
  made.properties.set("promise", { ...nothing, promise: resolve });
  made.properties.set("resolve", thingValue(resolve));
  made.properties.set("reject", thingValue(resolve));
  return thingValue(made);
}

/** How many a package's lock lets through at once, by what it is made with; undefined where that is not known. */
type Room = (args: readonly Value[]) => string | undefined;

const one: Room = () => "1";
const first: Room = ([many]) => {
  const [options] = many?.things ?? [];
  if (!options) return many ? many.text : "many";
  return options.properties.has("concurrency")
    ? options.properties.get("concurrency")?.text
    : "many";
};

/** A name begins with the package, and ends with what the bundle calls it. */
const lockMakers: readonly (readonly [name: RegExp, room: Room])[] = [
  [/^new (?:async-mutex|es-toolkit)\b.*\bMutex\d*$/, one],
  [/^new (?:async-mutex|es-toolkit)\b.*\bSemaphore\d*$/, first],
  [/^new (?:async-lock|await-lock)\b/, one],
  [/^new p-queue\b/, first],
  [/^p-limit\b/, first],
];

/** A lock of a package that lets one request at a time through, or one of which the source does not say how many. */
export function newLock(
  walk: Walk,
  name: string,
  args: readonly Value[],
  node: AnyNode,
): Value | undefined {
  const [, room] = lockMakers.find(([pattern]) => pattern.test(name)) ?? [];
  if (!room || (room(args) ?? "1") !== "1") return undefined;
  return thingValue(createThing("lock", "", `lock@${node.start}`, walk.atStart));
}

/** A call as the code has it: `base.method(…args)`, or `callee(…args)`. */
export interface Call {
  readonly node: AnyNode;
  readonly base: Value;
  readonly method: string | undefined;
  readonly callee: Value;
  readonly args: readonly Value[];
}

/** A call that takes a turn, or ends it; undefined of all others. */
export function callTurn(walk: Walk, call: Call): Value | undefined {
  for (const thing of call.callee.things) if (thing.kind === "resolver") release(walk, thing);
  const lock = [...call.base.things, ...call.callee.things].find(
    // One of the request's own keeps nobody out.
    ({ kind, shared }) => kind === "lock" && shared,
  );
  return lock && callLock(walk, lock, call);
}

function release(walk: Walk, resolver: Thing): void {
  walk.flow.turns.delete(lockTurn(resolver));
  const queue = walk.endedBy.get(resolver.key);
  if (queue !== undefined) walk.flow.turns.delete(queue);
}

function callLock(walk: Walk, lock: Thing, { node, method = "", args }: Call): Value | undefined {
  const [key] = args;
  // `lock.acquire(event.user, work)`: one lock for each key.
  if (key && functionsIn(key).length === 0 && isOneOf(key)) return undefined;
  if (args.flatMap(functionsIn).length > 0) return exclusively(walk, lock, node, args);
  if (/^(?:acquire|lock)/.test(method)) {
    const released = createThing("resolver", "release", lock.key, false);
    return { ...nothing, things: [released], turns: [lockTurn(lock)] };
  }
  if (/^(?:release|unlock)/.test(method)) release(walk, lock);
  return undefined;
}

/** `mutex.runExclusive(work)`, `limit(work, argument)` */
function exclusively(walk: Walk, lock: Thing, node: AnyNode, args: readonly Value[]): Value {
  const before = walk.flow.copy();
  walk.pause(node);
  walk.flow.take(lockTurn(lock));
  const functions = args.flatMap(functionsIn);
  const rest = args.filter(({ things }) => !things.some((thing) => functions.includes(thing)));
  const values = functions.map((thing) => walk.call(thing, rest, node));
  walk.flow.resume(before);
  return join([answer(args), ...values]);
}
