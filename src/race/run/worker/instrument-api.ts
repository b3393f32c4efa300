import type { CollectionWatch } from "./watch-collections.ts";
import type { Gate } from "./gate.ts";
import type { RunningRequest } from "./request.ts";
import { currentRequest, now } from "./request.ts";
import type { SocketWatch } from "./watch-sockets.ts";
import type { StateWatch } from "./watch-state.ts";

/** What instrumented code calls, under this name on globalThis. instrument.ts writes the calls. */
export const apiName = "__lmi_race";

export interface Watches {
  readonly gate: Gate;
  readonly state: StateWatch;
  readonly collections: CollectionWatch;
  readonly sockets: SocketWatch;
}

type Key = string | number | symbol;
type Names = Readonly<Record<number, string>>;

/** Methods that change a collection, and those that read one entry. Any other method reads the whole. */
const changing = new Set(
  "set add delete clear push pop shift unshift splice sort reverse fill".split(" "),
);
const growing = new Set(["set", "add", "push", "unshift", "splice"]);
const keyed = new Set(["get", "has", "set", "delete", "add"]);
/** Methods after which all else is there as before: who calls them does not put a value in place of another one. */
const leavingRest = new Set(["push", "pop", "shift", "unshift"]);
/** The key under which the whole of a collection is known. */
const whole = Symbol("whole");

/** The functions that the instrumented code calls, by short names, since there are many calls. */
export function instrumentApi(watches: Watches, names: Names) {
  return { ...gateApi(watches), ...variableApi(watches, names), ...propertyApi(watches) };
}

function gateApi({ gate, sockets }: Watches) {
  /** `await x` → `await a(x)`: what follows waits for its turn. */
  function a(value: unknown, site: number): unknown {
    const request = currentRequest.getStore();
    if (!request) return value;
    const { ranAt } = request;
    const woken = <T>(then: () => T) => {
      sockets.woke(request, ranAt, site);
      return hold(request, site, then);
    };
    return Promise.resolve(value).then(
      (result) => woken(() => result),
      (error: unknown) =>
        woken(() => {
          throw error;
        }),
    );
  }

  function hold<T>(request: RunningRequest, site: number, then: () => T) {
    const passed = gate.pass(request, site);
    if (passed) return passed.then(then);
    request.ranAt = now();
    return then();
  }

  return {
    a,
    /** `x.then(f)` → `t(x).then(f)`. */
    t: (value: unknown, site: number): unknown =>
      value instanceof Promise ? a(value, site) : value,
  };
}

function variableApi({ state }: Watches, names: Names) {
  const nameOf = (id: number) => names[id] ?? "a variable";
  return {
    /** A variable is read: `(r(id, site), name)`. */
    r: (id: number, site: number) => state.readVariable(id, nameOf(id), site),
    /** A variable is written: `name = w(id, site, value)`. */
    w: <T>(id: number, site: number, value: T): T => {
      state.wroteVariable(id, nameOf(id), site, value);
      return value;
    },
    /** The first of its arguments: what is written there happens in the order of arguments. */
    s: <T>(value: T): T => value,
  };
}

function propertyApi({ state, collections }: Watches) {
  function called(target: object, method: string, site: number, name: string, args: unknown[]) {
    const isKeyed = keyed.has(method) && !Array.isArray(target);
    const key = isKeyed ? args[0] : whole;
    if (!changing.has(method)) return state.readProperty(target, key, site);
    const value = args.at(-1);
    state.wroteProperty(target, key, name, site, value, !isKeyed && leavingRest.has(method));
    // Whoever reads the whole sees every entry, of which this is one; of a buffer, all of it may be written over.
    if (isKeyed) state.wroteProperty(target, whole, name, site, value, !ArrayBuffer.isView(target));
    if (growing.has(method)) collections.grew(target, name, site);
  }

  return {
    /** `o.p` is read: `pr(o, "p", site)`. */
    pr: (target: Record<Key, unknown>, key: Key, site: number) => {
      state.readProperty(target, key, site);
      return target[key];
    },
    /** A private property was read. */
    pn: <T>(target: object, key: string, value: T, site: number): T => {
      state.readProperty(target, key, site);
      return value;
    },
    /** `o.p = v`: `o.p = pw(o, "p", v, site, text)`. */
    pw: <T>(target: object, key: Key, value: T, site: number, name: string): T => {
      state.wroteProperty(target, key, name, site, value);
      if (isObject(target)) collections.grew(target, name, site);
      return value;
    },
    /** `o.m(…)` for methods that collections have: `c(o, "m", site, text, …)`. */
    c: (
      target: Record<Key, unknown>,
      method: string,
      site: number,
      name: string,
      ...args: unknown[]
    ) => {
      if (isObject(target)) called(target, method, site, name, args);
      return Reflect.apply(target[method] as () => unknown, target, args);
    },
  };
}

function isObject(target: unknown): target is object {
  return typeof target === "object" && target !== null;
}
