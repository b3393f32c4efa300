import { placeOfRequest } from "../request-id.ts";
import { seededRandom } from "../seeded.ts";
import type { Gate } from "./gate.ts";
import type { RequestSpan } from "./records.ts";
import type { RunningRequest } from "./request.ts";
import { currentRequest, now } from "./request.ts";

type Handler = (...args: unknown[]) => unknown;

/** The requests of one worker: who runs, and which wave is over. */
export class Requests {
  readonly #gate: Gate;
  readonly #on: {
    readonly ended: (request: RunningRequest) => void;
    readonly waveDone: (wave: number, spans: readonly RequestSpan[]) => void;
    /** The handler's promise is over. */
    readonly answered: (request: RunningRequest) => void;
  };
  readonly #running = new Set<RunningRequest>();
  #spans: RequestSpan[] = [];

  constructor(
    gate: Gate,
    on: {
      readonly ended: (request: RunningRequest) => void;
      readonly waveDone: (wave: number, spans: readonly RequestSpan[]) => void;
      readonly answered: (request: RunningRequest) => void;
    },
  ) {
    this.#gate = gate;
    this.#on = on;
  }

  /** Numbers of those that run. */
  running(): number[] {
    return [...this.#running].map(({ number }) => number);
  }

  /** A handler that runs as the request that its context names, once it is its turn. */
  wrap(handler: unknown): unknown {
    if (typeof handler !== "function") return handler;
    const run = (...args: unknown[]): unknown => {
      const request = requestOf(args);
      return request
        ? currentRequest.run(request, () => this.#run(request, handler as Handler, args))
        : Reflect.apply(handler, undefined, args);
    };
    // The runtime client counts parameters, and looks for the marks of a streaming handler.
    for (const key of Reflect.ownKeys(handler)) {
      const own = key === "prototype" ? undefined : Object.getOwnPropertyDescriptor(handler, key);
      if (own) Object.defineProperty(run, key, own);
    }
    return run;
  }

  async #run(request: RunningRequest, handler: Handler, args: unknown[]): Promise<unknown> {
    this.#running.add(request);
    await this.#gate.enter(request);
    request.startedAt = now();
    try {
      return await Reflect.apply(handler, undefined, args);
    } finally {
      this.#on.answered(request);
      this.#end(request);
    }
  }

  #end(request: RunningRequest): void {
    this.#running.delete(request);
    this.#on.ended(request);
    const { number, startedAt, held, wave } = request;
    this.#spans.push({ number, startedAt, endedAt: now(), held });
    if (!this.#gate.leave(request)) return;
    const spans = this.#spans;
    this.#spans = [];
    // What the last one holds is gone a turn later.
    setImmediate(() => this.#on.waveDone(wave, spans));
  }
}

function requestOf(args: readonly unknown[]): RunningRequest | undefined {
  const context = args.findLast(isContext);
  const place = context && placeOfRequest(context.awsRequestId);
  if (!place) return undefined;
  const random = seededRandom(place.seed, place.number);
  return { ...place, gates: 0, startedAt: now(), ranAt: now(), held: [], random };
}

function isContext(value: unknown): value is { readonly awsRequestId: string } {
  return typeof value === "object" && value !== null && "awsRequestId" in value;
}
