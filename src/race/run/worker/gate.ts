import process from "node:process";
import { seededHash } from "../seeded.ts";
import type { RunningRequest } from "./request.ts";
import { now } from "./request.ts";
import { beginning } from "./sites.ts";

/** Rounds for which an await is held back: 0 to this less one. */
const maxHold = 3;
/** Milliseconds for which the others wait for a request that is busy elsewhere: the network, a timer. */
const patienceMs = 10;
/** Milliseconds for which those that have come wait for the rest of their wave. */
const arrivalPatienceMs = 2000;
/** How often one request is held; loops of awaits go on unhindered. */
const maxGates = 200;
/** Milliseconds for which one piece of code may keep the event loop before it is told. */
export const blockedMs = 50;

interface Parked {
  readonly request: RunningRequest;
  readonly site: number;
  readonly order: number;
  hold: number;
  readonly go: () => void;
}

/** One piece of code that kept the event loop, after the await at `site`. */
export interface Blocked {
  readonly request: number;
  readonly site: number;
  /** By the clock: on a busy machine others had the processor meanwhile. */
  readonly milliseconds: number;
  /** Of the processor; nothing in a Node.js that does not tell it for a thread. */
  readonly cpuMs?: number | undefined;
}

/** Milliseconds that this thread has had a processor. Node.js 22 does not tell. */
function threadCpuMs(): number | undefined {
  const used = (process as Partial<typeof process>).threadCpuUsage?.();
  return used && (used.user + used.system) / 1000;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const { setImmediate, setTimeout, clearTimeout } = globalThis;

/**
 * The requests of one worker that run together. Each of their awaits is held here until all of them are held, then some
 * go on, one at a time, in an order that depends on the seed, the request and its number of awaits alone: so the same
 * requests overlap in the same way again, whoever else runs beside them.
 */
export class Gate {
  readonly #slowMs: number;
  readonly #onBlocked: (blocked: Blocked) => void;
  readonly #running = new Set<RunningRequest>();
  #parked: Parked[] = [];
  #wave = -1;
  #arrived = 0;
  #releasing = false;
  #looking = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(options: { slowMs: number; onBlocked: (blocked: Blocked) => void }) {
    this.#slowMs = options.slowMs;
    this.#onBlocked = options.onBlocked;
  }

  /** A request has come; resolves when it is its turn to begin. */
  enter(request: RunningRequest): Promise<void> {
    if (request.wave !== this.#wave) {
      this.#wave = request.wave;
      this.#arrived = 0;
    }
    this.#arrived += 1;
    this.#running.add(request);
    if (this.#arrived >= request.size) this.#endPatience();
    return this.#park(request, beginning);
  }

  /** Holds an await of a request. */
  pass(request: RunningRequest, site: number): Promise<void> | undefined {
    if (!this.#running.has(request) || request.gates > maxGates) return undefined;
    return this.#park(request, site);
  }

  /** A request has answered. True: it was the last one of its wave. */
  leave(request: RunningRequest): boolean {
    this.#running.delete(request);
    this.#look();
    return this.#running.size === 0 && this.#arrived >= request.size;
  }

  async #park(request: RunningRequest, site: number): Promise<void> {
    request.gates += 1;
    const chance = seededHash(request.seed, request.number, request.gates);
    const held = { site, from: now(), to: 0 };
    await new Promise<void>((go) => {
      this.#parked.push({ request, site, order: chance, hold: chance % maxHold, go });
      this.#look();
    });
    if (this.#slowMs > 0 && request.wave > 0)
      await new Promise((resolve) => setTimeout(resolve, this.#slowMs));
    held.to = now();
    request.ranAt = held.to;
    if (site !== beginning) request.held.push(held);
  }

  /** Looks once this turn's microtasks are through. */
  #look(): void {
    if (this.#looking || this.#releasing) return;
    this.#looking = true;
    setImmediate(() => {
      this.#looking = false;
      this.#decide();
    });
  }

  #decide(): void {
    const [first] = this.#running;
    if (this.#releasing || this.#parked.length === 0 || !first) return;
    const waiting = new Set(this.#parked.map(({ request }) => request));
    const complete = this.#arrived >= first.size;
    if (complete && waiting.size === this.#running.size) return this.#advance();
    // Whoever is held while another one waits for something outside must not wait for ever.
    this.#patience ??= setTimeout(
      () => void this.#lastChance(),
      complete ? patienceMs : arrivalPatienceMs,
    );
  }

  /** On a machine that is busy, what the others wait for may have come as well: it is looked at first. */
  async #lastChance(): Promise<void> {
    const expired = this.#patience;
    await nextTurn();
    await nextTurn();
    // Somebody has come, and all went on already.
    if (this.#patience === expired) this.#advance();
  }

  #endPatience(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  #advance(): void {
    this.#endPatience();
    if (this.#releasing || this.#parked.length === 0) return;
    const least = Math.min(...this.#parked.map(({ hold }) => hold));
    const ready = this.#parked.filter(({ hold }) => hold === least);
    this.#parked = this.#parked.filter(({ hold }) => hold > least);
    for (const parked of this.#parked) parked.hold -= least + 1;
    ready.sort((a, b) => a.order - b.order);
    void this.#release(ready);
  }

  async #release(ready: readonly Parked[]): Promise<void> {
    this.#releasing = true;
    for (const { request, site, go } of ready) {
      const began = performance.now();
      const used = threadCpuMs();
      go();
      await nextTurn();
      const milliseconds = performance.now() - began;
      if (milliseconds > blockedMs)
        this.#onBlocked({
          request: request.number,
          site,
          milliseconds,
          cpuMs: used === undefined ? undefined : (threadCpuMs() ?? 0) - used,
        });
    }
    this.#releasing = false;
    this.#look();
  }
}
