import net from "node:net";
import type { RunningRequest } from "./request.ts";
import { now } from "./request.ts";
import { tell } from "./tell.ts";

const { setImmediate } = globalThis;

/** A connection that this worker opened. */
interface Connection {
  /** `host:port` */
  readonly remote: string;
  /** What was written last is not answered yet. */
  waits: boolean;
  /** In which turn of the event loop it was written. */
  turn: number;
}

/** A far side: a database, as a rule. */
interface Remote {
  /** Local ports of connections over which something came in this wave. */
  readonly connections: Set<number>;
  readonly waits: Wait[];
  /** How often somebody wrote over a connection before the last one was answered: nobody waits for those. */
  pipelined: number;
}

/** A request that waited for its answer. */
interface Wait {
  readonly request: number;
  readonly site: number | undefined;
  /** Milliseconds of the epoch. */
  readonly from: number;
  readonly to: number;
  /** From before what it waited for just before: a connection, where requests ask for one by itself. */
  readonly asked: number;
}

interface Stall {
  readonly from: number;
  readonly byData: boolean;
}

type Method = "connect" | "push" | "write";

/** More in a wave are not looked at. */
const mostWaits = 400;
/** Writings over each other that are none yet: a statement that is closed needs no answer. */
const fewPipelined = 3;

/**
 * Connections over TCP that are no HTTP, against the requests that wait for them. Whoever goes on in the turn in which
 * an answer comes has waited for it, from when its code ran last: on the wire, or for a connection before that.
 */
export class SocketWatch {
  readonly #connections = new WeakMap<net.Socket, Connection>();
  readonly #remotes = new Map<string, Remote>();
  readonly #stalls = new WeakMap<RunningRequest, Stall>();
  #turn = 0;
  #counting = false;
  /** Over which connection an answer came in this turn, and who goes on by it. */
  #answered: { remote: Remote; woken: Map<RunningRequest, Wait> } | undefined;

  install(): void {
    const prototype = net.Socket.prototype as unknown as Record<
      Method,
      (...args: unknown[]) => unknown
    >;
    const noted = (method: Method, note: (socket: net.Socket, args: unknown[]) => void) => {
      const original = prototype[method];
      prototype[method] = function patched(this: net.Socket, ...args: unknown[]) {
        note(this, args);
        return Reflect.apply(original, this, args);
      };
    };
    noted("connect", (socket, args) => this.#connects(socket, args));
    noted("push", (socket, [data]) => void (data === null || this.#came(socket)));
    noted("write", (socket) => this.#written(socket));
  }

  /** A request goes on after an await; its code had run last at `from`. */
  woke(request: RunningRequest, from: number, site?: number): void {
    const before = this.#stalls.get(request);
    const answered = this.#answered;
    this.#stalls.set(request, { from, byData: answered !== undefined });
    if (!answered || answered.woken.has(request)) return;
    const asked = before?.byData === false ? before.from : from;
    answered.woken.set(request, { request: request.number, site, from, to: now(), asked });
  }

  /** Tells what the wave has shown, and begins the next one. */
  waveDone(wave: number): void {
    this.#settle();
    for (const [name, { connections, waits, pipelined }] of this.#remotes) {
      if (connections.size === 0) continue;
      const [first] = waits;
      tell({
        type: "shared-connections",
        wave,
        remote: name,
        connections: connections.size,
        pipelined: pipelined >= fewPipelined,
        waited: mostAtOnce(waits, ({ from }) => from),
        asked: mostAtOnce(waits, ({ asked }) => asked),
        site: first?.site,
      });
    }
    this.#remotes.clear();
  }

  #connects(socket: net.Socket, args: readonly unknown[]): void {
    const name = remoteOf(args);
    if (name !== undefined) this.#connections.set(socket, { remote: name, waits: false, turn: 0 });
  }

  /** The remote of this wave: those of the last one are forgotten. */
  #remote(name: string): Remote {
    let remote = this.#remotes.get(name);
    if (!remote) {
      remote = { connections: new Set(), waits: [], pipelined: 0 };
      this.#remotes.set(name, remote);
    }
    return remote;
  }

  /** Nothing for HTTP, which has its agents, and for what others opened. */
  #connection(socket: net.Socket): Connection | undefined {
    if ("_httpMessage" in socket) return undefined;
    // Over a socket that had been opened before it was encrypted.
    const { _parent: inner } = socket as { _parent?: net.Socket };
    return this.#connections.get(socket) ?? (inner && this.#connections.get(inner));
  }

  #came(socket: net.Socket): void {
    const connection = this.#connection(socket);
    if (!connection) return;
    this.#settle();
    this.#countTurns();
    connection.waits = false;
    const remote = this.#remote(connection.remote);
    if (socket.localPort !== undefined) remote.connections.add(socket.localPort);
    this.#answered = { remote, woken: new Map() };
  }

  #written(socket: net.Socket): void {
    const connection = this.#connection(socket);
    if (!connection) return;
    this.#countTurns();
    if (connection.waits && connection.turn !== this.#turn)
      this.#remote(connection.remote).pipelined += 1;
    connection.waits = true;
    connection.turn = this.#turn;
  }

  #countTurns(): void {
    if (this.#counting) return;
    this.#counting = true;
    setImmediate(() => {
      this.#counting = false;
      this.#turn += 1;
      this.#settle();
    });
  }

  /** One answer is for one request; what several waited for together is no place in a queue. */
  #settle(): void {
    const answered = this.#answered;
    this.#answered = undefined;
    if (answered?.woken.size !== 1 || answered.remote.waits.length >= mostWaits) return;
    answered.remote.waits.push(...answered.woken.values());
  }
}

/** `connect(port, host)`, `connect(options)`, and what net.connect() makes of them: a list of those. */
function remoteOf([first, second]: readonly unknown[]): string | undefined {
  const given: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof given === "number" || (typeof given === "string" && /^\d+$/.test(given)))
    return `${typeof second === "string" ? second : "localhost"}:${given}`;
  const { host, port } = (given ?? {}) as { host?: string; port?: number };
  return port === undefined ? undefined : `${host ?? "localhost"}:${port}`;
}

/** Requests that waited at the same time, at most. */
function mostAtOnce(waits: readonly Wait[], begin: (wait: Wait) => number): number {
  const counts = waits.map((wait) => {
    const at = begin(wait);
    const together = waits.filter((other) => begin(other) <= at && at < other.to);
    return new Set(together.map(({ request }) => request)).size;
  });
  return Math.max(0, ...counts);
}
