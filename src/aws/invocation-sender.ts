import { headerOf, type HttpAnswer, HttpConnection, type TlsSessions } from "./http-connection.ts";
import type { Credentials, InvocationRoute } from "./ports.ts";
import { RequestSigner } from "./request-signer.ts";

/** What became of a request, in Lambda's words where it has some. */
export interface InvocationOutcome {
  readonly kind:
    | "answered"
    | "throttled"
    | "function-error"
    | "refused"
    | "unreachable"
    | "not-sent"
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
  /** Milliseconds that AWS's clock is ahead of this machine's; signatures of another time are refused. */
  readonly clockOffsetMs?: number;
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
  clockOffsetMs = 0,
}: SenderRequest): InvocationSender {
  const signer = new RequestSigner(route, events, credentials);
  const connections = new Connections(route, timeoutMs);
  const outcomeIn = route.url ? outcomeOfUrl : outcomeOf;
  return {
    events: events.length,
    send: (event, done) => {
      const connection = connections.take();
      connection.send(signer.bytesOf(event, Date.now() + clockOffsetMs), (answer) => {
        if (connections.giveBack(connection)) done(outcomeIn(answer));
        else done({ kind: "cut-off", name: "" });
      });
    },
    renew: (renewed) => signer.renew(renewed),
    abandon: async () => connections.abandon(),
    close: async () => connections.close(),
  };
}

/** Servers close idle connections after 5 s and more; one that was idle longer may be about to be closed. */
const freshMs = 4000;

/** Idle ones are kept; the one that was used last goes first, so that those which are too many fall asleep. */
class Connections {
  readonly #route: InvocationRoute;
  readonly #timeoutMs: number;
  readonly #idle: { readonly connection: HttpConnection; readonly since: number }[] = [];
  readonly #busy = new Set<HttpConnection>();
  readonly #sessions: TlsSessions = { latest: undefined };

  constructor(route: InvocationRoute, timeoutMs: number) {
    this.#route = route;
    this.#timeoutMs = timeoutMs;
  }

  take(): HttpConnection {
    const kept = this.#idle.pop();
    const isFresh = kept !== undefined && Date.now() - kept.since < freshMs;
    // Those below were idle even longer.
    if (kept !== undefined && !isFresh) {
      kept.connection.destroy();
      for (const { connection } of this.#idle.splice(0)) connection.destroy();
    }
    const { origin, ca } = this.#route;
    const connection = isFresh
      ? kept.connection
      : new HttpConnection(
          { origin, ca, timeoutMs: this.#timeoutMs, sessions: this.#sessions },
          wantsBody,
        );
    this.#busy.add(connection);
    return connection;
  }

  /** @returns false for one that was abandoned */
  giveBack(connection: HttpConnection): boolean {
    if (!this.#busy.delete(connection)) return false;
    this.#idle.push({ connection, since: Date.now() });
    return true;
  }

  abandon(): void {
    const all = [...this.#busy];
    this.#busy.clear();
    for (const connection of all) connection.destroy();
  }

  close(): void {
    this.abandon();
    for (const { connection } of this.#idle.splice(0)) connection.destroy();
  }
}

const functionError = "x-amz-function-error";

/** What a function answers is not kept; what went wrong is in the body. */
function wantsBody(status: number, headers: readonly string[]): boolean {
  return status >= 300 || headerOf(headers, functionError) !== undefined;
}

/** This machine has no file handle, port, thread or name for the request: the function never hears of it. */
const ownFailures = new Set([
  "EMFILE",
  "ENFILE",
  "EADDRNOTAVAIL",
  "EAGAIN",
  "EAI_AGAIN",
  "ENOTFOUND",
]);

function noAnswer(failure: string): InvocationOutcome {
  return { kind: ownFailures.has(failure) ? "not-sent" : "unreachable", name: failure };
}

/**
 * Of a function URL: Lambda's refusals name their type in a header, and everything else is the function's own. What it
 * answers with 400 or more is no answer of the kind that is to be measured: a path that it does not know is fast.
 */
function outcomeOfUrl({ status, headers, failure }: HttpAnswer): InvocationOutcome {
  if (failure !== undefined) return noAnswer(failure);
  if (status < 400) return answered;
  const name = `HTTP ${status}`;
  if (status === 429) return { kind: "throttled", name };
  if (status >= 500) return { kind: "function-error", name };
  return { kind: "refused", name: refusalName(headers) || name };
}

function refusalName(headers: readonly string[]): string | undefined {
  return headerOf(headers, "x-amzn-errortype")?.split(":")[0];
}

function outcomeOf({ status, headers, text, failure }: HttpAnswer): InvocationOutcome {
  if (failure !== undefined) return noAnswer(failure);
  const isFunctionError = headerOf(headers, functionError) !== undefined;
  if (status < 300 && !isFunctionError) return answered;
  const told = toldOf(text);
  if (isFunctionError)
    return { kind: "function-error", name: told("errorType") ?? "function error" };
  if (status === 429) return { kind: "throttled", name: told("Reason") ?? "unknown" };
  return { kind: "refused", name: refusalName(headers) || `HTTP ${status}` };
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
