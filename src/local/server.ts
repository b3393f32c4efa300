import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LmiError } from "../errors.ts";
import { identityPath, type Identity } from "./identity.ts";
import { functionUrlHost } from "./function-url-host.ts";
import { breakOff } from "./faults/break-off.ts";
import { isLoopbackHost } from "./security.ts";
import { send } from "./answer.ts";
import { RequestBodies, signedFor } from "./request-body.ts";
import { ServiceError } from "./service-error.ts";
import { type Dispatch, refusal } from "./wire/dispatch.ts";
import type { FunctionUrlRequest } from "./service.ts";
import { BrokenAnswer, type WireResponse } from "./wire/message.ts";

/** How patient the server is with slow clients, ms, and how many connections it keeps. */
export interface ServerLimits {
  /** Until the headers of a request are there. */
  readonly headersMs: number;
  /** Until a request is there as a whole. */
  readonly requestMs: number;
  /** Without a byte of the answer being taken. */
  readonly answerMs: number;
  /** Further connections are closed at once. */
  readonly connections: number;
}

const usualLimits: ServerLimits = {
  headersMs: 10_000,
  requestMs: 120_000,
  answerMs: 120_000,
  connections: 2000,
};

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly dispatch: Dispatch;
  readonly serveUrl: (request: FunctionUrlRequest) => Promise<WireResponse>;
  /** What answers whoever asks which process this is; nothing: nobody is told. */
  readonly identity: Identity | undefined;
  readonly log: (message: string) => void;
  readonly limits?: Partial<ServerLimits> | undefined;
}

/** Listens on the loopback interface only. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const stopping = new AbortController();
  const limits = { ...usualLimits, ...options.limits };
  const server = createServer({
    keepAliveTimeout: 60_000,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(limits.headersMs, 5000),
  });
  server.maxConnections = limits.connections;
  const port = await listen(server, options.port);
  const serving: Serving = {
    ...options,
    port,
    limits,
    stopping: stopping.signal,
    bodies: new RequestBodies(),
  };
  server.on("request", (request, response) => {
    serve(request, response, serving).catch((error: unknown) => {
      if (!(error instanceof BrokenAnswer))
        options.log(`request failed: ${(error as Error).stack ?? String(error)}`);
      response.destroy();
    });
  });
  return {
    port,
    close: async () => {
      stopping.abort();
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenFailure(error, port)));
    server.listen({ host: "127.0.0.1", port }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

function listenFailure(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return error;
  const what = error.code === "EACCES" ? "may not be used by this user" : "is already in use";
  return new LmiError("LMI_LOCAL_PORT", `Port ${port} ${what}`, {
    next: "Choose another port with `--port`, or leave it out to take a free one",
    cause: error,
  });
}

interface Serving extends ServerOptions {
  readonly limits: ServerLimits;
  readonly stopping: AbortSignal;
  readonly bodies: RequestBodies;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  serving: Serving,
): Promise<void> {
  const problem = strangerOf(request, serving.port);
  if (problem !== undefined) return refuse(request, response, problem);
  const { identity, stopping, limits } = serving;
  const functionUrl = functionUrlHost(request.headers.host);
  if (request.url === identityPath && identity && !functionUrl) return identify(response, identity);
  const gone = new AbortController();
  const abort = () => gone.abort();
  response.once("close", abort);
  stopping.addEventListener("abort", abort, { once: true });
  try {
    const answer = await (functionUrl
      ? answerUrl(request, functionUrl, serving)
      : answerTo(request, serving, gone.signal));
    const patience = { gone: gone.signal, slowestMs: limits.answerMs };
    await (answer.cut ? breakOff(response, answer) : send(response, answer, patience));
  } finally {
    stopping.removeEventListener("abort", abort);
  }
}

/** Without its body. */
function headOf({ method = "GET", url = "/", headers }: IncomingMessage) {
  const mark = url.indexOf("?");
  const rawQuery = mark === -1 ? "" : url.slice(mark + 1);
  return {
    method,
    path: mark === -1 ? url : url.slice(0, mark),
    query: rawQuery === "" ? noQuery : new URLSearchParams(rawQuery),
    rawQuery,
    headers,
  };
}

async function answerTo(
  request: IncomingMessage,
  { dispatch, bodies }: Serving,
  gone: AbortSignal,
): Promise<WireResponse> {
  const head = headOf(request);
  try {
    return await bodies.with(request, signedFor(request), (body) =>
      dispatch({ ...head, body }, gone),
    );
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return refusal({ ...head, body: Buffer.alloc(0) }, error);
  }
}

async function answerUrl(
  request: IncomingMessage,
  url: FunctionUrlRequest["url"],
  { serveUrl, bodies }: Serving,
): Promise<WireResponse> {
  const head = headOf(request);
  try {
    return await bodies.with(request, "functionUrl", (body) => serveUrl({ ...head, body, url }));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ Message: error.message });
    return { status: error.status ?? 400, headers, body };
  }
}

interface Problem {
  readonly status: number;
  readonly message: string;
}

/** Why a request is not even looked at: it was not meant for this server, or in two ways at once. */
function strangerOf(
  { headers, rawHeaders, url = "" }: IncomingMessage,
  port: number,
): Problem | undefined {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name));
  if (hosts.length !== 1) return { status: 400, message: "One Host header is needed" };
  // A full URL names a host of its own, which only proxies are sent.
  if (!url.startsWith("/")) return { status: 400, message: "The request target must be a path" };
  return isLoopbackHost(headers.host, port)
    ? undefined
    : { status: 403, message: "Only requests to a loopback host name are served" };
}

function identify(response: ServerResponse, identity: Identity): void {
  response
    .writeHead(200, { "content-type": "application/json", connection: "close" })
    .end(JSON.stringify(identity));
}

const noQuery = new URLSearchParams();

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message }: Problem,
): void {
  request.resume();
  response.writeHead(status, { "content-type": "text/plain" }).end(`${message}\n`);
}
