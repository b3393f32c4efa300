import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { callPlace } from "./call-place.ts";
import type { WorkerPlan } from "./plan.ts";
import { currentRequest } from "./request.ts";
import { shown } from "./shown.ts";
import { tell } from "./tell.ts";

/** Outgoing calls: told of, and answered by a stand-in where they would leave this machine. */
export function watchCalls(plan: WorkerPlan): void {
  const pools = new PoolWatch();
  watchFetch(plan);
  for (const [module, protocol] of [
    [http, "http:"],
    [https, "https:"],
  ] as const)
    watchModule(module, protocol, plan, pools);
  syncBuiltinESMExports();
}

const isLoopback = (host: string) => /^(localhost|127\.[\d.]+|\[?::1\]?)$/.test(host);
/** Tells the stand-in which host was meant. */
const meantHeader = "x-lmi-race-host";

function watchFetch({ taskRoot, standIn }: WorkerPlan): void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const asked = new Request(input, init);
    const url = new URL(asked.url);
    const request = currentRequest.getStore();
    if (request) {
      const sent = `${shown([...asked.headers])} ${shown(init?.body ?? "")}`;
      const place = callPlace(taskRoot);
      tell({
        type: "call",
        request: request.number,
        method: asked.method,
        url: url.href,
        sent,
        place,
      });
    }
    if (standIn === undefined || isLoopback(url.hostname)) return original(asked);
    asked.headers.set(meantHeader, url.host);
    return original(new Request(`${standIn}${url.pathname}${url.search}`, asked));
  };
}

type Options = http.RequestOptions & Record<string, unknown>;
type Anything = (...args: unknown[]) => http.ClientRequest;

function watchModule(
  module: typeof http | typeof https,
  protocol: string,
  { taskRoot, standIn }: WorkerPlan,
  pools: PoolWatch,
): void {
  const originalRequest = module.request as Anything;
  const request = (...args: unknown[]) => {
    const { options, callback } = argumentsOf(args, protocol);
    const host = (options.hostname ?? options.host ?? "localhost").replace(/:\d+$/, "");
    const current = currentRequest.getStore();
    const place = current && callPlace(taskRoot);
    const goesOut = standIn !== undefined && !isLoopback(host) && !options.socketPath;
    const agent = options.agent ?? module.globalAgent;
    const call = goesOut
      ? (http.request as unknown as { original: Anything }).original(
          redirected(options, host, standIn),
          callback,
        )
      : originalRequest(options, callback);
    if (current) {
      pools.uses(agent, host, call, place);
      const url = `${protocol}//${host}${options.path ?? "/"}`;
      noteWhenSent(call, (sent) =>
        tell({ type: "call", request: current.number, method: call.method, url, sent, place }),
      );
    }
    return call;
  };
  const get = (...args: unknown[]) => {
    const call = request(...args);
    call.end();
    return call;
  };
  Object.assign(request, { original: originalRequest });
  Object.assign(module, { request, get });
}

/** `request(url, options?, callback?)` and `request(options, callback?)`, as Node takes them. */
function argumentsOf(args: unknown[], protocol: string) {
  const callback = args.find((each) => typeof each === "function");
  const [first, second] = args;
  const url = typeof first === "string" ? new URL(first) : first instanceof URL ? first : undefined;
  const given = (url ? (typeof second === "object" ? second : {}) : first) as Options;
  const options: Options = url
    ? {
        protocol: url.protocol,
        hostname: url.hostname,
        port: url.port,
        path: `${url.pathname}${url.search}`,
        ...given,
      }
    : { protocol, ...given };
  return { options, callback };
}

function redirected(options: Options, host: string, standIn: string): Options {
  const { hostname, port } = new URL(standIn);
  const { agent: _agent, protocol: _protocol, host: _host, ...rest } = options;
  const headers = { ...(options.headers as Record<string, string>), [meantHeader]: host };
  return { ...rest, protocol: "http:", hostname, port, headers, agent: false };
}

/** Calls back with headers and body when the request is complete. */
function noteWhenSent(call: http.ClientRequest, note: (sent: string) => void): void {
  const body: string[] = [];
  const write = call.write.bind(call) as (...args: unknown[]) => boolean;
  const end = call.end.bind(call) as (...args: unknown[]) => http.ClientRequest;
  const keep = (chunk: unknown) => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) body.push(shown(String(chunk)));
  };
  call.write = ((...args: unknown[]) => {
    keep(args[0]);
    return write(...args);
  }) as typeof call.write;
  call.end = ((...args: unknown[]) => {
    keep(args[0]);
    note(`${shown(call.getHeaders())} ${shown(body.join(""))}`);
    return end(...args);
  }) as typeof call.end;
}

/** How many requests want a connection of an agent at once, against how many it opens. */
class PoolWatch {
  readonly #open = new WeakMap<object, Map<http.ClientRequest, number>>();
  readonly #told = new WeakSet<object>();

  uses(
    agent: unknown,
    host: string,
    call: http.ClientRequest,
    place: ReturnType<typeof callPlace>,
  ): void {
    const request = currentRequest.getStore();
    if (!request || typeof agent !== "object" || agent === null) return;
    const { maxSockets } = agent as http.Agent;
    let open = this.#open.get(agent);
    if (!open) this.#open.set(agent, (open = new Map()));
    open.set(call, request.number);
    call.once("close", () => open.delete(call));
    // One request that calls a hundred times waits for itself, on Lambda's other functions too.
    const wanted = new Set(open.values()).size;
    if (!(wanted > maxSockets) || this.#told.has(agent)) return;
    this.#told.add(agent);
    tell({ type: "small-pool", request: request.number, maxSockets, wanted, host, place });
  }
}
