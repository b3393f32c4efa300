import type { AnyNode, MemberExpression } from "acorn";
import { memberOfClass } from "./classes.ts";
import { isOneOf, isOwn } from "./keys.ts";
import { keyName, share } from "./names.ts";
import {
  type Thing,
  type Value,
  createThing,
  join,
  nothing,
  ofOneRequest,
  ofRequest,
  thingValue,
} from "./value.ts";
import type { Walk } from "./walk.ts";

const environment = "global:process.env";
/** What of the context is another one for every request; the rest is the function's. */
const ofTheRequest = new Set([
  "clientContext",
  "getRemainingTimeInMillis",
  "identity",
  "tenantId",
  "xRayTraceId",
]);

/** The value of `base[name]`, where name is undefined if `key` computes it. */
export function propertyOf(
  walk: Walk,
  base: Value,
  name: string | undefined,
  key: Value,
  node: AnyNode,
): Value {
  const rest: Value = { ...nothing, request: base.request || key.request, fresh: base.fresh };
  const found = base.things.map((thing) => ofThing(walk, thing, name, key, node));
  const known = found.length > 0 && found.every((value) => value !== undefined);
  const values = found.filter((value) => value !== undefined);
  const value = known ? join(values) : join([rest, ...values]);
  const content = new Set([...(base.content ?? []), ...(value.content ?? [])]);
  return content.size === 0 ? value : { ...value, content };
}

function ofThing(
  walk: Walk,
  thing: Thing,
  name: string | undefined,
  key: Value,
  node: AnyNode,
): Value | undefined {
  if (thing.kind === "context") return ofContext(name);
  if (thing.kind !== "global" && thing.kind !== "library")
    return ofOwn(walk, thing, name, key, node);
  if (name === undefined || (name === "default" && thing.kind === "library"))
    return thingValue(thing);
  // The same for all requests, and for all workers of the process.
  if (thing.key === "global:process" && name === "pid") return { ...nothing, text: "(pid)" };
  return ofPackage(walk, thing, name, node);
}

function ofContext(name: string | undefined): Value {
  if (name === "awsRequestId") return ofOneRequest;
  return name !== undefined && ofTheRequest.has(name) ? ofRequest : nothing;
}

function ofPackage(walk: Walk, thing: Thing, name: string, node: AnyNode): Value {
  const written = thing.properties.get(name);
  const inner = written?.things[0] ?? innerThing(walk, thing, name);
  const inEnvironment = thing.key === environment;
  const changes = inEnvironment || written !== undefined || thing.name === "globalThis";
  const location = inEnvironment ? `env:${name}` : `${thing.key}.${name}`;
  return { ...nothing, ...written, things: [inner], ...(changes ? walk.read(location, node) : {}) };
}

function innerThing(walk: Walk, thing: Thing, name: string): Thing {
  const key = `${thing.key}.${name}`;
  const inner =
    walk.packages.get(key) ??
    createThing(thing.kind, `${thing.label}.${name}`, key, true, {
      name: `${thing.name}.${name}`.replace(/^globalThis\./, ""),
    });
  walk.packages.set(key, inner);
  return inner;
}

function ofOwn(
  walk: Walk,
  thing: Thing,
  name: string | undefined,
  key: Value,
  node: AnyNode,
): Value | undefined {
  if (name === undefined) return ofAnyKey(walk, thing, key, node);
  const method = ofClass(walk, thing, name, node);
  if (method) return method;
  if (name === "length" || name === "size") {
    walk.glance(thing);
    return nothing;
  }
  const value = thing.properties.get(name);
  if (!value && name === "default") return { ...nothing, things: [thing] };
  const read = thing.shared ? walk.read(`${thing.key}.${name}`, node) : {};
  if (!value && !thing.shared) return undefined;
  return { ...(value ?? nothing), ...read };
}

function ofClass(walk: Walk, thing: Thing, name: string, node: AnyNode): Value | undefined {
  const getter = thing.getters.get(name);
  if (getter) return walk.call(getter, [], node);
  const member = thing.made && memberOfClass(walk, thing.made, name, false);
  if (!member) return undefined;
  const method = createThing("function", name, `${thing.key}.${name}`, thing.shared, {
    node: member.node,
    self: thing,
  });
  return member.getter ? walk.call(method, [], node) : { ...nothing, things: [method] };
}

/** `table[x]` may be any of what is in it. */
function ofAnyKey(walk: Walk, thing: Thing, key: Value, node: AnyNode): Value {
  const values = [...thing.properties.values()];
  const things = values.flatMap((value) => value.things);
  // Whoever asks with another key gets something else: that is how a cache is kept apart.
  if (isOneOf(key)) {
    walk.glance(thing);
    return { ...nothing, request: key.request, things };
  }
  return { ...nothing, things, ...(thing.shared ? walk.read(thing.key, node) : {}) };
}

/** All that is in it, for one after the other. */
export function elementOf(walk: Walk, value: Value, node: AnyNode): Value {
  const things = value.things.flatMap((thing) =>
    [...thing.properties.values()].flatMap((inner) => inner.things),
  );
  return { ...wholeOf(walk, value, node), things };
}

/** All that is in it, as data. */
export function wholeOf(walk: Walk, value: Value, node: AnyNode): Value {
  const content = new Set(value.content);
  let { request, fresh } = value;
  for (const thing of value.things) {
    for (const inner of thing.properties.values()) {
      request ||= inner.request;
      fresh ||= inner.fresh;
    }
    if (!thing.shared || thing.kind === "function") continue;
    for (const use of walk.read(thing.key, node).content ?? []) content.add(use);
  }
  return { ...nothing, request, fresh, ...(content.size === 0 ? {} : { content }) };
}

/** `object.name = value`. */
export function writeProperty(
  walk: Walk,
  member: MemberExpression,
  value: Value,
  node: AnyNode,
): void {
  const base = walk.evaluate(member.object);
  const key = member.computed ? walk.evaluate(member.property) : nothing;
  const name = member.computed ? key.text : keyName(member.property);
  for (const thing of base.things) putInto(walk, thing, name, key, value, node);
}

export function putInto(
  walk: Walk,
  thing: Thing,
  name: string | undefined,
  key: Value,
  value: Value,
  node: AnyNode,
): void {
  const inside = name ?? "*";
  const known = thing.properties.get(inside);
  thing.properties.set(inside, known && !walk.atStart ? join([known, value]) : value);
  if (walk.atStart || !thing.shared) return;
  const label = `${thing.label}.${inside}`;
  // What lies under a key that only this request has is this request's.
  if (!isOwn(thing, key)) for (const inner of value.things) share(inner, label, isOneOf(key));
  if (thing.key === environment) walk.write(`env:${inside}`, label, "assigned", value, node);
  else if (name === "length") walk.write(thing.key, thing.label, "emptied", value, node);
  else if (name !== undefined) walk.write(`${thing.key}.${name}`, label, "assigned", value, node);
  else {
    const form = isOneOf(key) ? "keyed" : "added";
    walk.write(`${thing.key}.*`, thing.label, form, value, node);
  }
}
