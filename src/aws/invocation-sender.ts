import { Client, type Dispatcher, EnvHttpProxyAgent } from "undici";

import type { Credentials, InvocationRoute } from "./ports.ts";
import { canonicalQuery, RequestSigner } from "./request-signer.ts";

/** What became of a request, in Lambda's words where it has some. */
export interface InvocationOutcome {
  readonly kind:
    | "answered"
    | "throttled"
    | "function-error"
    | "refused"
    | "unreachable"
    | "cut-off";
  readonly name: string;
}

export interface InvocationSender {
  readonly events: number;
  readonly send: (event: number, done: (outcome: InvocationOutcome) => void) => void;
  readonly renew: (credentials: Credentials) => void;
  readonly abandon: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface SenderRequest {
  readonly route: InvocationRoute;
  readonly events: readonly Uint8Array[];
  readonly credentials: Credentials;
  /** Milliseconds after which an answer is given up. */
  readonly timeoutMs: number;
}

const answered: InvocationOutcome = { kind: "answered", name: "" };

/**
 * Sends Invoke requests over HTTP connections of its own, for load: without the SDK's middleware, retries and queue, which
 * take most of the time of a request and would hide refusals. One connection for each request that is under way.
 */
export function openSender({
  route,
  events,
  credentials,
  timeoutMs,
}: SenderRequest): InvocationSender {
  const signer = new RequestSigner(route, events, credentials);
  const connections = new Connections(route, timeoutMs);
  const query = canonicalQuery(route.query);
  const path = query === "" ? route.path : `${route.path}?${query}`;
  return {
    events: events.length,
    send: (event, done) => {
      const connection = connections.take();
      const answer = new Answer((outcome) => {
        const isAbandoned = !connections.giveBack(connection);
        done(isAbandoned ? { kind: "cut-off", name: outcome.name } : outcome);
      });
      const headers = signer.headersOf(event, Date.now()) as string[];
      connection.dispatch(
        { origin: route.origin, path, method: "POST", headers, body: events[event] ?? null },
        answer,
      );
    },
    renew: (renewed) => signer.renew(renewed),
    abandon: () => connections.abandon(),
    close: () => connections.close(),
  };
}

/** Idle ones are kept; the one that was used last goes first, so that those which are too many fall asleep. */
class Connections {
  readonly #route: InvocationRoute;
  readonly #options: Client.Options;
  readonly #idle: Dispatcher[] = [];
  readonly #busy = new Set<Dispatcher>();
  readonly #proxy: Dispatcher | undefined;

  constructor(route: InvocationRoute, timeoutMs: number) {
    this.#route = route;
    this.#options = {
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      keepAliveTimeout: idleMs,
      ...(route.ca === undefined ? {} : { connect: { ca: route.ca } }),
    };
    if (route.proxies !== undefined) this.#proxy = proxyAgent(route, this.#options);
  }

  take(): Dispatcher {
    if (this.#proxy !== undefined) return this.#proxy;
    const connection = this.#idle.pop() ?? new Client(this.#route.origin, this.#options);
    this.#busy.add(connection);
    return connection;
  }

  /** @returns false for one that was abandoned */
  giveBack(connection: Dispatcher): boolean {
    if (connection === this.#proxy) return true;
    if (!this.#busy.delete(connection)) return false;
    this.#idle.push(connection);
    return true;
  }

  async abandon(): Promise<void> {
    const all = [...this.#busy];
    this.#busy.clear();
    await Promise.all(all.map((connection) => connection.destroy()));
  }

  async close(): Promise<void> {
    await this.abandon();
    await Promise.all(this.#idle.splice(0).map((each) => each.destroy()));
    await this.#proxy?.destroy();
  }
}

/** Milliseconds; shorter than any server that says nothing of it is known to wait. */
const idleMs = 15_000;

function proxyAgent({ proxies, ca }: InvocationRoute, options: Client.Options): Dispatcher {
  const { connect: _connect, ...rest } = options;
  return new EnvHttpProxyAgent({
    ...rest,
    ...(ca === undefined ? {} : { requestTls: { ca } }),
    ...(proxies?.http ? { httpProxy: proxies.http } : {}),
    ...(proxies?.https ? { httpsProxy: proxies.https } : {}),
    ...(proxies?.none ? { noProxy: proxies.none } : {}),
  });
}

/** So much of a failure is read to find its name. */
const mostErrorBytes = 16_384;

/** Reads one answer; what a function answers is not kept. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #done: (outcome: InvocationOutcome) => void;
  #status = 0;
  #isFunctionError = false;
  #errorType = "";
  #text = "";

  constructor(done: (outcome: InvocationOutcome) => void) {
    this.#done = done;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#isFunctionError = headers["x-amz-function-error"] !== undefined;
    this.#errorType = String(headers["x-amzn-errortype"] ?? "");
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const isWanted = this.#status >= 300 || this.#isFunctionError;
    if (isWanted && this.#text.length < mostErrorBytes) this.#text += chunk.toString("utf8");
  }

  onResponseEnd(): void {
    if (this.#status < 300 && !this.#isFunctionError) return this.#done(answered);
    const told = toldOf(this.#text);
    if (this.#isFunctionError)
      return this.#done({ kind: "function-error", name: told("errorType") ?? "function error" });
    if (this.#status === 429)
      return this.#done({ kind: "throttled", name: told("Reason") ?? "unknown" });
    const name = this.#errorType.split(":")[0] || `HTTP ${this.#status}`;
    this.#done({ kind: "refused", name });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
    this.#done({ kind: "unreachable", name: code });
  }
}

function toldOf(text: string): (field: string) => string | undefined {
  try {
    const told: unknown = JSON.parse(text);
    return (field) => {
      const value = (told as Record<string, unknown> | null)?.[field];
      return typeof value === "string" && value !== "" ? value : undefined;
    };
  } catch {
    return () => undefined;
  }
}
