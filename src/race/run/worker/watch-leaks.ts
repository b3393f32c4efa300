import { EventEmitter } from "node:events";
import fs from "node:fs";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { callPlace } from "./call-place.ts";
import type { Holdings, RawPlace } from "./records.ts";
import { currentRequest } from "./request.ts";

interface Listened {
  readonly event: string;
  readonly emitter: WeakRef<EventEmitter>;
  readonly place: RawPlace | undefined;
  readonly requests: Set<number>;
}

/** Counts what stays when requests have ended: listeners on emitters that outlive them, intervals, handles, memory. */
export class LeakWatch {
  readonly #taskRoot: string;
  readonly #emitters = new WeakMap<EventEmitter, Map<string, Listened>>();
  readonly #shared = new Set<Listened>();
  readonly #intervals = new Map<NodeJS.Timeout, RawPlace | undefined>();
  #collect: (() => void) | undefined;

  constructor(taskRoot: string) {
    this.#taskRoot = taskRoot;
  }

  install(): void {
    // oxlint-disable-next-line typescript/no-this-alias, unicorn/no-this-assignment -- the patched methods have a this of their own
    const watch = this;
    const prototype = EventEmitter.prototype;
    for (const name of ["on", "addListener", "once"] as const) {
      const original = prototype[name];
      prototype[name] = function patched(this: EventEmitter, event, listener) {
        watch.#listens(this, String(event));
        return original.call(this, event, listener);
      } as typeof original;
    }
    const { setInterval, clearInterval } = globalThis;
    const started = (...args: Parameters<typeof setInterval>) => {
      const timer = setInterval(...args);
      if (currentRequest.getStore()) watch.#intervals.set(timer, callPlace(watch.#taskRoot));
      return timer;
    };
    Object.assign(globalThis, { setInterval: started });
    globalThis.clearInterval = (timer) => {
      if (typeof timer === "object") watch.#intervals.delete(timer);
      clearInterval(timer);
    };
  }

  holdings(measureHeap: boolean): Omit<Holdings, "collections"> {
    return {
      heap: measureHeap ? this.#heap() : undefined,
      resources: { ...counted(process.getActiveResourcesInfo()), ...openFiles() },
      listeners: [...this.#shared].map(({ event, emitter, place }) => ({
        event,
        place,
        count: emitter.deref()?.listenerCount(event) ?? 0,
      })),
      intervals: this.#intervalsByPlace(),
    };
  }

  #listens(emitter: EventEmitter, event: string): void {
    const request = currentRequest.getStore();
    if (!request) return;
    let events = this.#emitters.get(emitter);
    if (!events) this.#emitters.set(emitter, (events = new Map()));
    let listened = events.get(event);
    if (!listened) {
      const place = callPlace(this.#taskRoot);
      events.set(
        event,
        (listened = { event, emitter: new WeakRef(emitter), place, requests: new Set() }),
      );
    }
    listened.requests.add(request.number);
    // An emitter to which two requests listen outlives them.
    if (listened.requests.size === 2) this.#shared.add(listened);
  }

  #intervalsByPlace(): Holdings["intervals"] {
    const counts = new Map<string, { place: RawPlace | undefined; count: number }>();
    for (const place of this.#intervals.values()) {
      const key = JSON.stringify(place);
      const known = counts.get(key);
      if (known) known.count += 1;
      else counts.set(key, { place, count: 1 });
    }
    return [...counts.values()];
  }

  #heap(): number {
    if (!this.#collect) {
      setFlagsFromString("--expose-gc");
      this.#collect = runInNewContext("gc") as () => void;
    }
    this.#collect();
    return process.memoryUsage().heapUsed;
  }
}

/** Descriptors of the whole process, where the system lists them: those of other workers come and go, too. */
function openFiles(): Record<string, number> {
  try {
    return { "file descriptors": fs.readdirSync(descriptors).length };
  } catch {
    return {};
  }
}

const descriptors = process.platform === "linux" ? "/proc/self/fd" : "/dev/fd";

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
