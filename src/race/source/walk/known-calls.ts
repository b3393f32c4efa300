import type { AnyNode } from "acorn";
import { callFile } from "./files.ts";
import { library } from "./outside.ts";
import { moduleName } from "./names.ts";
import { notePool } from "./pools.ts";
import { putInto, wholeOf } from "./properties.ts";
import { newLock, newPromise, withResolvers } from "./turns.ts";
import {
  type Thing,
  type Value,
  answer,
  createThing,
  join,
  nothing,
  ofChance,
  thingValue,
} from "./value.ts";
import type { Walk } from "./walk.ts";

type Known = (walk: Walk, args: readonly Value[], node: AnyNode) => Value | undefined;

const chance: Known = () => ofChance;
/** Data made of what is in the arguments, and nothing else. */
const pure: Known = (walk, args, node) => answer(args.map((value) => wholeOf(walk, value, node)));
const same: Known = (_walk, [first]) => first ?? nothing;

const later: Known = (walk, args, node) => {
  const before = walk.flow.copy();
  walk.pause(node);
  for (const thing of args.flatMap(({ things }) => things))
    if (thing.kind === "function") walk.call(thing, [], node);
  walk.flow.resume(before);
  return answer(args);
};

const joinPath: Known = (_walk, args) => {
  const texts = args.map(({ text }) => text);
  const { request, fresh } = answer(args);
  const text = texts.every((part) => part !== undefined)
    ? texts.join("/").replaceAll(/\/+/g, "/")
    : undefined;
  return { ...nothing, request, fresh, ...(text === undefined ? {} : { text }) };
};

const onSignal: Known = (walk, args, node) => {
  const [event] = args;
  if (event?.text !== undefined && /^SIG[A-Z]/.test(event.text))
    walk.noted.push({ kind: "signal", node, atStart: walk.atStart, label: event.text });
  return nothing;
};

const assignAll: Known = (walk, [target = nothing, ...sources], node) => {
  const value = join([nothing, ...sources.map((source) => wholeOf(walk, source, node))]);
  for (const thing of target.things) {
    for (const inner of sources.flatMap(({ things }) => things))
      for (const [name, property] of inner.properties) thing.properties.set(name, property);
    if (!thing.shared) continue;
    if (thing.key === "global:process.env") putInto(walk, thing, undefined, nothing, value, node);
    else walk.write(thing.key, thing.label, "assigned", value, node);
  }
  return { ...target, request: target.request || value.request };
};

/** How esbuild keeps modules apart that were CommonJS, or are only loaded when asked for. */
const wrap: Known = (_walk, [modules], node) => {
  const [body] = modules?.things[0]?.properties.values() ?? [];
  const [method] = body?.things ?? [];
  if (!method?.node) return nothing;
  return thingValue(createThing("module", "", `module@${node.start}`, true, { node: method.node }));
};

const exportAll: Known = (_walk, [target, getters]) => {
  const [thing] = target?.things ?? [];
  for (const [name, value] of getters?.things[0]?.properties ?? []) {
    const [getter] = value.things;
    if (thing && getter) thing.getters.set(name, getter);
  }
  return nothing;
};

const requireModule: Known = (walk, [name]) =>
  name?.text === undefined ? nothing : thingValue(library(walk, moduleName(name.text)));

const changeDirectory: Known = (walk, _args, node) => {
  walk.noted.push({ kind: "directory", node, atStart: walk.atStart, label: "process.chdir" });
  return nothing;
};

const buffer: Known = (walk, args, node) => ({
  ...answer(args),
  things: [createThing("collection", "", `Buffer@${node.start}`, walk.atStart)],
});

const calls: Readonly<Record<string, Known>> = {
  __commonJS: wrap,
  __esm: wrap,
  __export: exportAll,
  __name: same,
  __toCommonJS: same,
  __toESM: same,
  __require: requireModule,
  require: requireModule,
  "module.createRequire": () => nothing,
  "Buffer.alloc": buffer,
  "Buffer.allocUnsafe": buffer,
  "crypto.randomBytes": chance,
  "crypto.randomInt": chance,
  "crypto.randomUUID": chance,
  "Date.now": chance,
  "new Date": (walk, args, node) => (args.length === 0 ? ofChance : pure(walk, args, node)),
  "Math.random": chance,
  "nanoid.nanoid": chance,
  "performance.now": chance,
  "perf_hooks.performance.now": chance,
  "process.hrtime": chance,
  "process.hrtime.bigint": chance,
  "uuid.v4": chance,
  "uuid.v7": chance,
  "new Promise": newPromise,
  "Promise.withResolvers": withResolvers,
  "Object.assign": assignAll,
  "os.tmpdir": () => ({ ...nothing, text: "/tmp" }),
  "path.join": joinPath,
  "path.resolve": joinPath,
  "path.posix.join": joinPath,
  "process.chdir": changeDirectory,
  "process.on": onSignal,
  "process.once": onSignal,
  "process.addListener": onSignal,
  "process.nextTick": later,
  queueMicrotask: later,
  setImmediate: later,
  setInterval: later,
  setTimeout: later,
  "timers.setImmediate": later,
  "timers.setTimeout": later,
};

const pureNames =
  /^(?:Object\.(?:keys|values|entries|fromEntries|freeze)|JSON\.(?:stringify|parse)|Array\.(?:from|of|isArray)|Promise\.(?:all|allSettled|race|any|resolve)|structuredClone|String|Number|Boolean|Math\.\w+|Buffer\.(?:from|concat))$/;

/** What is known of a function of Node, the language or esbuild; undefined of all others. */
export function known(
  walk: Walk,
  name: string,
  args: readonly Value[],
  node: AnyNode,
): Value | undefined {
  if (Object.hasOwn(calls, name)) return calls[name]?.(walk, args, node);
  if (pureNames.test(name)) return keepThings(pure(walk, args, node) ?? nothing, name, args);
  notePool(walk, name, args, node);
  return newLock(walk, name, args, node) ?? callFile(walk, name, args, node);
}

/** `Object.freeze({ … })` is the object itself, `Promise.all([…])` brings what was in it. */
function keepThings(value: Value, name: string, args: readonly Value[]): Value {
  const kept = name === "Object.freeze" || name === "Promise.resolve";
  const things: Thing[] = kept ? args.flatMap((arg) => [...arg.things]) : [];
  return { ...value, things };
}
