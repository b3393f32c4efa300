import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { platformErrorType } from "./error-types.ts";
import type { Frame } from "./frames.ts";
import { FrameKind, FrameWriter, framesProtocol, readFrames, workerHeader } from "./frames.ts";
import type { Invocation, InvocationResult, ResponseSink } from "./invocation.ts";
import type { Refusal } from "./runtime-api-answers.ts";
import { accept, refusals, refuse } from "./runtime-api-answers.ts";
import { checkedSize, readResult } from "./runtime-api-result.ts";

const basePath = "/2018-06-01/runtime/";
const nextPath = `${basePath}invocation/next`;
const resultPath = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;
/** Timed-out requests that are remembered, to answer their late results (…/invoke/timeout/timeout_cache.go). */
const rememberedTimeouts = 1000;

/** The description of a failed initialisation, in characters; what is longer is cut. */
const maxInitError = 1_000_000;

export interface RuntimeApiEvents {
  /** The runtime asks for work for the first time: AWS takes it as initialised, whatever its other workers still do. */
  ready(): void;
  /** The runtime, or one of its workers, could not initialise the function. */
  initError(error: { readonly errorType: string; readonly body: string }): void;
  result(requestId: string, result: InvocationResult): void;
}

/** A worker that asked for work. */
interface Waiting {
  /** Node's id of its thread, where it says so. */
  readonly worker?: number | undefined;
  readonly give: (invocation: Invocation, headers: InvocationHeaders) => void;
}

type InvocationHeaders = Readonly<Record<string, string>>;

/** The Lambda Runtime API (version 2018-06-01) for one execution environment, on a loopback port of its own. */
export class RuntimeApi {
  readonly #server: Server;
  readonly #events: RuntimeApiEvents;
  /** Workers that wait for work, the longest-waiting first, so that requests spread over them. */
  readonly #waiting: Waiting[] = [];
  readonly #queued: Invocation[] = [];
  /** Upgraded connections, which the server no longer counts as its own. */
  readonly #connections = new Set<Duplex>();
  readonly #delivered = new Map<string, Invocation>();
  readonly #timedOut = new Set<string>();
  #host = "";
  #ready = false;

  constructor(events: RuntimeApiEvents) {
    this.#events = events;
    this.#server = createServer((request, response) => this.#handle(request, response));
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    // Workers hold `next` open for as long as there is no work, and streamed responses last as long as the function.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#server.timeout = 0;
  }

  /** Starts listening; resolves to host and port, as AWS_LAMBDA_RUNTIME_API wants them. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        if (address === null || typeof address === "string")
          return reject(new Error("The Runtime API has no port."));
        this.#host = `127.0.0.1:${address.port}`;
        return resolve(this.#host);
      });
    });
  }

  /** Hands an invocation to a worker, or to the first one that asks. */
  deliver(invocation: Invocation): void {
    const [waiting] = takeFirst(this.#waiting, (each) => mayTake(each, invocation));
    if (waiting) this.#send(invocation, waiting);
    else this.#queued.push(invocation);
  }

  /** Gives up on an invocation whose caller has been answered; the runtime may still post its late result. */
  forget(requestId: string): void {
    if (this.#delivered.delete(requestId)) {
      this.#timedOut.add(requestId);
      const [oldest] = this.#timedOut;
      if (this.#timedOut.size > rememberedTimeouts && oldest) this.#timedOut.delete(oldest);
      return;
    }
    const index = this.#queued.findIndex((invocation) => invocation.requestId === requestId);
    if (index >= 0) this.#queued.splice(index, 1);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#connections) socket.destroy();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isOwn(request)) return stranger(request, response);
    const url = request.url ?? "";
    if (url === nextPath && request.method === "GET") return this.#next(response);
    if (request.method !== "POST") return notFound(response);
    if (url === `${basePath}init/error`) return this.#initError(request, response);
    const match = resultPath.exec(url);
    if (!match) return notFound(response);
    // Ids are UUIDs, which no runtime has a reason to encode.
    return this.#result(match[1] ?? "", match[2] === "error", request, response);
  }

  /** A runtime names the host that it was told; web pages, also under a name that was rebound, do not get far. */
  #isOwn({ headers }: IncomingMessage): boolean {
    return (
      headers.host === this.#host &&
      headers.origin === undefined &&
      (headers["sec-fetch-site"] ?? "none") === "none"
    );
  }

  #next(response: ServerResponse): void {
    const waiting: Waiting = {
      give: ({ payload }, headers) => {
        response.writeHead(200, {
          "content-type": "application/json",
          "content-length": payload.byteLength,
          ...headers,
        });
        response.end(payload);
      },
    };
    response.once("close", () => this.#gone(waiting));
    this.#asks(waiting);
  }

  /** The runtime client's native part has a short way; everything else speaks HTTP. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    // The server's sockets stay half open; a worker that is gone must be noticed.
    socket.on("end", () => socket.destroy());
    if (
      !this.#isOwn(request) ||
      request.url !== nextPath ||
      request.headers.upgrade !== framesProtocol
    ) {
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
      return;
    }
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${framesProtocol}\r\n\r\n`,
    );
    this.#connections.add(socket);
    const writer = new FrameWriter(socket);
    const worker = Number(request.headers[workerHeader]);
    const waiting: Waiting = {
      worker: Number.isInteger(worker) ? worker : undefined,
      give: ({ requestId, payload }, headers) =>
        writer.write(FrameKind.invocation, requestId, JSON.stringify(headers), payload),
    };
    socket.once("close", () => {
      this.#connections.delete(socket);
      this.#gone(waiting);
    });
    readFrames(socket, head, (frame) => {
      if (frame.kind === FrameKind.next) this.#asks(waiting);
      else this.#framed(frame);
    });
  }

  #framed({ kind, id, body }: Frame): void {
    if (!this.#delivered.delete(id)) return;
    const result =
      kind === FrameKind.error
        ? { payload: body, errorType: platformErrorType(undefined) }
        : checkedSize(body);
    this.#events.result(id, result);
  }

  #asks(waiting: Waiting): void {
    if (!this.#ready) {
      this.#ready = true;
      this.#events.ready();
    }
    const [invocation] = takeFirst(this.#queued, (each) => mayTake(waiting, each));
    if (invocation) this.#send(invocation, waiting);
    else this.#waiting.push(waiting);
  }

  /** A worker that ended gets no more work. What it had is not answered: as on AWS, its callers see a timeout. */
  #gone(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  #send(invocation: Invocation, { give }: Waiting): void {
    this.#delivered.set(invocation.requestId, invocation);
    give(invocation, {
      "lambda-runtime-aws-request-id": invocation.requestId,
      "lambda-runtime-deadline-ms": String(Date.now() + invocation.timeoutMs),
      "lambda-runtime-invoked-function-arn": invocation.functionArn,
      "lambda-runtime-trace-id": traceId(invocation.requestId),
      ...(invocation.clientContext === undefined
        ? {}
        : { "lambda-runtime-client-context": invocation.clientContext }),
    });
  }

  #result(
    requestId: string,
    failed: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (!this.#delivered.has(requestId)) {
      request.resume();
      return refuse(response, this.#notWaiting(requestId));
    }
    void readResult(request, failed, this.#sinkOf(requestId)).then(({ result, refusal }) => {
      // The caller may have been told of a timeout while the body arrived.
      if (!this.#delivered.delete(requestId)) return refuse(response, this.#notWaiting(requestId));
      this.#events.result(requestId, result);
      return refusal ? refuse(response, refusal) : accept(response);
    });
  }

  #notWaiting(requestId: string): Refusal {
    return this.#timedOut.delete(requestId) ? refusals.timedOut : refusals.unknownId;
  }

  /** Takes pieces of a streamed response for as long as the caller waits for them. */
  #sinkOf(requestId: string): ResponseSink | undefined {
    const sink = this.#delivered.get(requestId)?.sink;
    return (
      sink && {
        start: (contentType) => sink.start(contentType),
        chunk: async (bytes) => {
          if (this.#delivered.has(requestId)) await sink.chunk(bytes);
        },
      }
    );
  }

  #initError(request: IncomingMessage, response: ServerResponse): void {
    const named = request.headers["lambda-runtime-function-error-type"];
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      if (body.length < maxInitError) body += chunk;
    });
    request.on("end", () => {
      this.#events.initError({
        errorType: platformErrorType(typeof named === "string" ? named : undefined),
        body,
      });
      accept(response);
    });
  }
}

const mayTake = ({ worker }: Waiting, invocation: Invocation) =>
  invocation.worker === undefined || invocation.worker === worker;

/** Takes the first that `fits` out of the list; a list of none or one. */
function takeFirst<T>(list: T[], fits: (each: T) => boolean): T[] {
  const index = list.findIndex(fits);
  return index < 0 ? [] : list.splice(index, 1);
}

function stranger(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(403, { "content-type": "text/plain" }).end("Forbidden\n");
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n");
}

/** A trace header that is not sampled: nothing here receives traces. */
function traceId(requestId: string): string {
  const hex = requestId.replaceAll("-", "");
  return `Root=1-${hex.slice(0, 8)}-${hex.slice(8).padEnd(24, "0")};Parent=${hex.slice(16).padEnd(16, "0")};Sampled=0`;
}
