import type { AnyNode, CallExpression, NewExpression } from "acorn";
import { known } from "./known-calls.ts";
import { construct, initialise, methodsOf } from "./classes.ts";
import { callCollection, isCollectionClass, lateMethods, takesEach } from "./collections.ts";
import { keyName } from "./names.ts";
import { elementOf, propertyOf, wholeOf } from "./properties.ts";
import { type Call, callTurn, turnsOf } from "./turns.ts";
import {
  type ClassNode,
  type Thing,
  type Value,
  answer,
  createThing,
  join,
  nothing,
  ofRequest,
  thingValue,
} from "./value.ts";
import type { Walk } from "./walk.ts";

export function evaluateCall(walk: Walk, node: CallExpression): Value {
  if (node.callee.type === "Super") return callSuper(walk, node);
  const call = read(walk, node);
  const name = nameOf(call.callee);
  const answered = name === undefined ? undefined : known(walk, name, call.args, node);
  if (answered) return answered;
  const own = call.callee.things.filter(({ kind }) => kind === "function" || kind === "module");
  if (own.length > 0) return join(own.map((thing) => walk.call(thing, call.args, node)));
  notePatterns(walk, call);
  return callTurn(walk, call) ?? callMethod(walk, call);
}

/** Of a promise, an emitter, a collection, or of what is not known. */
function callMethod(walk: Walk, call: Call): Value {
  const { method, node } = call;
  if (method !== undefined && lateMethods.has(method)) return promised(walk, call);
  if (method !== undefined && takesEach.has(method) && call.args.some(isFunction))
    return each(walk, call);
  const collections = call.base.things.filter(({ kind }) => kind === "collection");
  if (method !== undefined && collections.length > 0)
    return join(collections.map((thing) => callCollection(walk, thing, method, call.args, node)));
  return unknownCall(walk, call);
}

function read(walk: Walk, node: CallExpression): Call {
  const { callee } = node;
  const target = callee.type === "ChainExpression" ? callee.expression : callee;
  if (target.type !== "MemberExpression") {
    const value = walk.evaluate(target);
    return { node, base: nothing, method: undefined, callee: value, args: argumentsOf(walk, node) };
  }
  const base = walk.evaluate(target.object);
  const key = target.computed ? walk.evaluate(target.property) : nothing;
  const method = target.computed ? key.text : keyName(target.property);
  const collection = base.things.some(({ kind }) => kind === "collection");
  const found = collection ? nothing : propertyOf(walk, base, method, key, target);
  // Of what other requests may have put there, the method says what becomes.
  return { node, base, method, callee: found, args: argumentsOf(walk, node) };
}

function argumentsOf(walk: Walk, node: CallExpression | NewExpression): Value[] {
  return node.arguments.map((argument) => walk.evaluate(argument));
}

function nameOf({ things }: Value): string | undefined {
  return things.find(({ kind }) => kind === "library" || kind === "global")?.name;
}

const isFunction = ({ things }: Value) => things.some(({ kind }) => kind === "function");

function callSuper(walk: Walk, node: CallExpression): Value {
  const args = argumentsOf(walk, node);
  const { self } = walk;
  const parent = self?.made && walk.parents.get(self.made);
  if (self && parent) initialise(walk, parent, self, args, node);
  return nothing;
}

export function evaluateNew(walk: Walk, node: NewExpression): Value {
  const callee = walk.evaluate(node.callee);
  const args = argumentsOf(walk, node);
  const own = callee.things.find(({ kind }) => kind === "class");
  if (own?.node) return construct(walk, own.node as ClassNode, args, node);
  const name = nameOf(callee);
  const answered = name === undefined ? undefined : known(walk, `new ${name}`, args, node);
  if (answered) return answered;
  if (name !== undefined && isCollectionClass(name)) {
    const thing = createThing("collection", "", `new ${name}@${node.start}`, walk.atStart);
    return { ...answer(args.map((value) => wholeOf(walk, value, node))), things: [thing] };
  }
  return unknownCall(walk, { node, base: nothing, method: undefined, callee, args });
}

/** With the flag g or y, a match goes on where the last one ended; in a loop, until there is none. */
function notePatterns(walk: Walk, { node, base, method, args }: Call): void {
  if (walk.atStart || walk.loops > 0 || (method !== "test" && method !== "exec")) return;
  if (!args.some(({ request }) => request)) return;
  for (const { kind, shared, name, key, label } of base.things)
    if (kind === "pattern" && shared && /[gy]/.test(name ?? ""))
      walk.noted.push({ kind: "pattern", node, atStart: false, label, key });
}

/** `.then(…)`, `.on(…)`: called later, when other requests may have run. */
function promised(walk: Walk, { node, base, args, callee, method }: Call): Value {
  const before = walk.flow.copy();
  walk.pause(node);
  const promise = method === "then" || method === "catch" || method === "finally";
  const param: Value = { ...answer([base]), request: base.request && promise };
  const after = promise ? turnsOf(walk, base) : [];
  const chain = promise ? [...(base.chain ?? []), `then@${node.start}`] : [];
  for (const turn of after) walk.flow.take(turn);
  const values = args.flatMap(({ things }) =>
    things
      .filter(({ kind }) => kind === "function")
      .map((thing) => walk.call(thing, [param], node)),
  );
  walk.flow.resume(before);
  return {
    ...join([{ ...answer([base, ...args]), after, chain }, ...values]),
    things: [...callee.things, ...values.flatMap(({ things }) => things)],
  };
}

/** `.map(…)`, `.forEach(…)`: called now, for one after the other. */
function each(walk: Walk, { node, base, args }: Call): Value {
  const element = elementOf(walk, base, node);
  const [, initial = nothing] = args;
  const values = args.flatMap(({ things }) =>
    things
      .filter(({ kind }) => kind === "function")
      .map((thing) => walk.call(thing, [element, initial, nothing], node)),
  );
  return join([{ ...element, things: [] }, ...values]);
}

/** Code of a package or of Node: what it gets leaves, what it is given to call is called. */
function unknownCall(walk: Walk, { node, base, callee, args }: Call): Value {
  if (walk.atStart) {
    for (const value of args) handOut(walk, value);
    const name = nameOf(callee);
    const thing = createThing("library", "", `${name ?? "call"}@${node.start}`, true, {
      name: `${name ?? "?"}()`,
    });
    return {
      ...answer(args),
      things: [
        thing,
        ...args.flatMap(({ things }) => things.filter(({ kind }) => kind === "function")),
      ],
    };
  }
  for (const thing of base.things) if (thing.kind === "library") walk.read(thing.key, node);
  for (const value of args) walk.leave(value, node);
  const values = [base, callee, ...args];
  const param: Value = { ...nothing, request: values.some(({ request }) => request) };
  const called = args.flatMap(({ things }) => things.filter(({ kind }) => kind === "function"));
  for (const thing of called) walk.call(thing, [param, param, param], node);
  const { request, fresh } = answer(values);
  return { ...nothing, request, fresh };
}

/** Functions, also of objects and instances, that somebody else calls with requests. */
function handOut(walk: Walk, value: Value, depth = 0): void {
  for (const thing of value.things) {
    if (thing.kind === "function") walk.handedOut.add(thing);
    if (depth > 2) continue;
    for (const inner of thing.properties.values()) handOut(walk, inner, depth + 1);
    if (!thing.made) continue;
    for (const { kind, key, value: node } of methodsOf(thing.made))
      if (kind === "method")
        walk.handedOut.add(
          createThing("function", keyName(key) ?? "", `${thing.key}.${keyName(key)}`, true, {
            node,
            self: thing,
          }),
        );
  }
}

/** Follows a call into a function of the project. */
export function enter(walk: Walk, thing: Thing, args: readonly Value[], node: AnyNode): Value {
  if (thing.kind === "module") return walk.load(thing);
  if (!thing.node || !walk.canEnter(thing.node as never)) return answer(args);
  const before = walk.flow.copy();
  const result = walk.inside(thing, args);
  walk.flow.ended = false;
  const { async } = thing.node as { async?: boolean };
  if (async !== true) return result;
  const after = [...walk.flow.turns.keys()].filter((turn) => !before.turns.has(turn));
  // Nobody waits: the rest of the caller runs before what stands behind its first await.
  if (!walk.awaited.has(node)) walk.flow.resume(before);
  return {
    ...result,
    after: [...(result.after ?? []), ...after],
    chain: [...(result.chain ?? []), `call@${node.start}`],
  };
}

/** What a request calls a function with. */
export function requestArguments(handler: boolean): readonly Value[] {
  const context = thingValue(createThing("context", "context", "context", false));
  return handler ? [ofRequest, context, context] : [ofRequest, ofRequest, ofRequest, ofRequest];
}
