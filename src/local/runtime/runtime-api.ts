import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import type { Invocation, InvocationResult } from "./invocation.ts";
import type { Frame } from "./frames.ts";
import { FrameKind, FrameWriter, framesProtocol, readFrames } from "./frames.ts";
import { checkedSize, readResult } from "./runtime-api-result.ts";

const basePath = "/2018-06-01/runtime/";
const nextPath = `${basePath}invocation/next`;
const resultPath = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

export interface RuntimeApiEvents {
  /** A worker of the runtime asks for work for the first time: it is initialised. */
  workerReady(): void;
  /** The runtime could not initialise the function. */
  initError(body: string): void;
  /** A worker that holds these invocations is gone. */
  workerLost(requestIds: readonly string[]): void;
  result(requestId: string, result: InvocationResult): void;
}

/** A worker that asked for work. */
interface Waiting {
  readonly socket: Duplex;
  readonly give: (invocation: Invocation, headers: InvocationHeaders) => void;
}

interface Delivered {
  readonly invocation: Invocation;
  readonly socket: Duplex;
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
  readonly #delivered = new Map<string, Delivered>();
  readonly #workers = new Set<Duplex>();

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
        return resolve(`127.0.0.1:${address.port}`);
      });
    });
  }

  /** Hands an invocation to a worker, or to the first one that asks. */
  deliver(invocation: Invocation): void {
    const waiting = this.#waiting.shift();
    if (waiting) this.#send(invocation, waiting);
    else this.#queued.push(invocation);
  }

  /** Forgets an invocation that is answered already; the runtime may still post its late result. */
  forget(requestId: string): void {
    if (this.#delivered.delete(requestId)) return;
    const index = this.#queued.findIndex((invocation) => invocation.requestId === requestId);
    if (index >= 0) this.#queued.splice(index, 1);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#connections) socket.destroy();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "";
    if (url === nextPath && request.method === "GET") return this.#next(request, response);
    if (request.method !== "POST") return refuse(response, 404, "Not found");
    if (url === `${basePath}init/error`) return this.#initError(request, response);
    const match = resultPath.exec(url);
    if (!match) return refuse(response, 404, "Not found");
    return this.#result(
      decodeURIComponent(match[1] ?? ""),
      match[2] === "error",
      request,
      response,
    );
  }

  #next({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#asks({
      socket,
      give: ({ payload }, headers) => {
        response.writeHead(200, {
          "content-type": "application/json",
          "content-length": payload.byteLength,
          ...headers,
        });
        response.end(payload);
      },
    });
  }

  /** The runtime client's native part has a short way; everything else speaks HTTP. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    // The server's sockets stay half open; a worker that is gone must be noticed.
    socket.on("end", () => socket.destroy());
    if (request.url !== nextPath || request.headers.upgrade !== framesProtocol) {
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
      return;
    }
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${framesProtocol}\r\n\r\n`,
    );
    this.#connections.add(socket);
    socket.once("close", () => this.#connections.delete(socket));
    const writer = new FrameWriter(socket);
    const waiting: Waiting = {
      socket,
      give: ({ requestId, payload }, headers) =>
        writer.write(FrameKind.invocation, requestId, JSON.stringify(headers), payload),
    };
    readFrames(socket, head, (frame) => {
      if (frame.kind === FrameKind.next) this.#asks(waiting);
      else this.#framed(frame);
    });
  }

  #framed({ kind, id, head, body }: Frame): void {
    if (!this.#delivered.delete(id)) return;
    const result =
      kind === FrameKind.error ? { payload: body, errorType: head } : checkedSize(body);
    this.#events.result(id, result);
  }

  #asks(waiting: Waiting): void {
    const { socket } = waiting;
    if (!this.#workers.has(socket)) {
      this.#workers.add(socket);
      socket.once("close", () => this.#workerClosed(socket));
      this.#events.workerReady();
    }
    const invocation = this.#queued.shift();
    if (invocation) this.#send(invocation, waiting);
    else this.#waiting.push(waiting);
  }

  #send(invocation: Invocation, { socket, give }: Waiting): void {
    this.#delivered.set(invocation.requestId, { invocation, socket });
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
    const delivered = this.#delivered.get(requestId);
    readResult(request, failed, delivered?.invocation)
      .then(({ result, status }) => {
        // A result after the timeout finds nobody waiting; AWS answers the runtime the same way and goes on.
        if (this.#delivered.delete(requestId)) this.#events.result(requestId, result);
        response.writeHead(status, { "content-type": "application/json", "content-length": 16 });
        response.end('{"status":"OK"}\n');
      })
      // The connection broke: the worker is gone, which its other connection tells.
      .catch(() => response.destroy());
  }

  #initError(request: IncomingMessage, response: ServerResponse): void {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      response.writeHead(202).end();
      this.#events.initError(body);
    });
  }

  #workerClosed(socket: Duplex): void {
    this.#workers.delete(socket);
    const index = this.#waiting.findIndex((waiting) => waiting.socket === socket);
    if (index >= 0) this.#waiting.splice(index, 1);
    const lost = [...this.#delivered.values()].filter((delivered) => delivered.socket === socket);
    this.#events.workerLost(lost.map(({ invocation }) => invocation.requestId));
  }
}

function refuse(response: ServerResponse, status: number, errorMessage: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ errorMessage, errorType: "InvalidRequest" }));
}

/** A trace header that is not sampled: nothing here receives traces. */
function traceId(requestId: string): string {
  const hex = requestId.replaceAll("-", "");
  return `Root=1-${hex.slice(0, 8)}-${hex.slice(8).padEnd(24, "0")};Parent=${hex.slice(16).padEnd(16, "0")};Sampled=0`;
}
