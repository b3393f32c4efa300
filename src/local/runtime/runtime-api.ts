import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import type { Invocation, InvocationResult } from "./invocation.ts";
import { readResult } from "./runtime-api-result.ts";

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

interface Waiting {
  readonly socket: Socket;
  readonly response: ServerResponse;
}

interface Delivered {
  readonly invocation: Invocation;
  readonly socket: Socket;
}

/** The Lambda Runtime API (version 2018-06-01) for one execution environment, on a loopback port of its own. */
export class RuntimeApi {
  readonly #server: Server;
  readonly #events: RuntimeApiEvents;
  /** Workers that wait for work, the longest-waiting first, so that requests spread over them. */
  readonly #waiting: Waiting[] = [];
  readonly #queued: Invocation[] = [];
  readonly #delivered = new Map<string, Delivered>();
  readonly #workers = new Set<Socket>();

  constructor(events: RuntimeApiEvents) {
    this.#events = events;
    this.#server = createServer((request, response) => this.#handle(request, response));
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
    if (!this.#workers.has(socket)) {
      this.#workers.add(socket);
      socket.once("close", () => this.#workerClosed(socket));
      this.#events.workerReady();
    }
    const invocation = this.#queued.shift();
    if (invocation) this.#send(invocation, { socket, response });
    else this.#waiting.push({ socket, response });
  }

  #send(invocation: Invocation, { socket, response }: Waiting): void {
    this.#delivered.set(invocation.requestId, { invocation, socket });
    const headers: Record<string, string | number> = {
      "content-type": "application/json",
      "content-length": invocation.payload.byteLength,
      "lambda-runtime-aws-request-id": invocation.requestId,
      "lambda-runtime-deadline-ms": Date.now() + invocation.timeoutMs,
      "lambda-runtime-invoked-function-arn": invocation.functionArn,
      "lambda-runtime-trace-id": traceId(invocation.requestId),
    };
    if (invocation.clientContext !== undefined)
      headers["lambda-runtime-client-context"] = invocation.clientContext;
    response.writeHead(200, headers);
    response.end(invocation.payload);
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

  #workerClosed(socket: Socket): void {
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
