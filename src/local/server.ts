import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LmiError } from "../errors.ts";
import { identityPath, type Identity } from "./identity.ts";
import { functionUrlHost } from "./function-url-host.ts";
import { breakOff } from "./faults/break-off.ts";
import { isLoopbackHost } from "./security.ts";
import type { Dispatch } from "./wire/dispatch.ts";
import type { FunctionUrlRequest } from "./service.ts";
import { BrokenAnswer, type WireResponse } from "./wire/message.ts";

/** Largest body: S3 objects travel whole; nothing else that AWS takes is near this. */
const maxBody = {
  s3: 512 * 1024 * 1024,
  other: 64 * 1024 * 1024,
  /** Lambda developer guide, gettingstarted-limits: 6 MB, of which the event around the body takes a part. */
  functionUrl: 6 * 1024 * 1024,
} as const;

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
}

/** Listens on the loopback interface only. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const stopping = new AbortController();
  const server = createServer({
    keepAliveTimeout: 60_000,
    headersTimeout: 10_000,
    requestTimeout: 120_000,
  });
  const port = await listen(server, options.port);
  server.on("request", (request, response) => {
    serve(request, response, port, stopping.signal, options).catch((error: unknown) => {
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

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  stopping: AbortSignal,
  options: ServerOptions,
): Promise<void> {
  if (!isLoopbackHost(request.headers.host, port)) {
    return refuse(response, 403, "Only requests to a loopback host name are served");
  }
  const functionUrl = functionUrlHost(request.headers.host);
  if (request.url === identityPath && options.identity && !functionUrl)
    return identify(response, options.identity);
  const limit = functionUrl ? maxBody.functionUrl : limitOf(request);
  const body = await readBody(request, limit);
  if (body === undefined) return refuse(response, 413, "The request body is too large");
  const gone = new AbortController();
  const abort = () => gone.abort();
  response.once("close", abort);
  stopping.addEventListener("abort", abort, { once: true });
  try {
    const wire = wireRequest(request, body);
    const answer = await (functionUrl
      ? options.serveUrl({ ...wire, url: functionUrl })
      : options.dispatch(wire, gone.signal));
    await (answer.cut ? breakOff(response, answer) : send(response, answer, gone.signal));
  } finally {
    stopping.removeEventListener("abort", abort);
  }
}

function wireRequest(request: IncomingMessage, body: Buffer) {
  const { method = "GET", url = "/", headers } = request;
  const mark = url.indexOf("?");
  const rawQuery = mark === -1 ? "" : url.slice(mark + 1);
  return {
    method,
    path: mark === -1 ? url : url.slice(0, mark),
    query: rawQuery === "" ? noQuery : new URLSearchParams(rawQuery),
    rawQuery,
    headers,
    body,
  };
}

function limitOf({ headers }: IncomingMessage): number {
  return headers.authorization?.includes("/s3/aws4_request") ? maxBody.s3 : maxBody.other;
}

function identify(response: ServerResponse, identity: Identity): void {
  response
    .writeHead(200, { "content-type": "application/json", connection: "close" })
    .end(JSON.stringify(identity));
}

const noQuery = new URLSearchParams();

function refuse(response: ServerResponse, status: number, message: string): void {
  response
    .writeHead(status, { "content-type": "text/plain", connection: "close" })
    .end(`${message}\n`);
}

/** The whole body, or undefined as soon as it is longer than the limit. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

async function send(
  response: ServerResponse,
  { status, headers, cookies, body }: WireResponse,
  gone: AbortSignal,
): Promise<void> {
  if (cookies) response.setHeader("set-cookie", cookies);
  if (typeof body === "string" || body instanceof Uint8Array) {
    // An answer to HEAD has no body but says how long it would be.
    if (headers["content-length"] === undefined && status !== 204 && status !== 304) {
      headers["content-length"] = String(
        typeof body === "string" ? Buffer.byteLength(body) : body.byteLength,
      );
    }
    response.writeHead(status, headers).end(body);
    return;
  }
  response.writeHead(status, headers).flushHeaders();
  for await (const chunk of body) {
    if (gone.aborted) return;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.once("drain", done).once("close", done);
  });
}
