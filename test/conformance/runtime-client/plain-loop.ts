import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const runtimeClient = createRequire(import.meta.url).resolve("aws-lambda-ric");
const nativeClient = fileURLToPath(new URL("http-native-client.mjs", import.meta.url));

/** What the runtime client posted for a request. */
export interface Posted {
  readonly what: "response" | "error";
  readonly body: string;
  readonly bytes: number;
  readonly contentType: string | undefined;
  /** Body of the error in the trailers of a streamed response. */
  readonly trailingError: string | undefined;
}

export interface PlainLoop {
  /** Hands an event to the client; resolves with what it posts, or with nothing after `patienceMs`. */
  invoke(requestId: string, event: object, patienceMs: number): Promise<Posted | undefined>;
  /** What was posted to init/error, one for each worker. */
  readonly initErrors: { readonly errorType: string; readonly body: string }[];
  readonly lines: string[];
  /** Exit code or signal, once the process ended. */
  readonly ended: Promise<number | string>;
  close(): Promise<void>;
}

/** The barest Runtime API that can drive AWS's runtime client: nothing of the local target is in it. */
export async function startPlainLoop(options: {
  readonly node: string;
  readonly runtime: string;
  readonly taskRoot: string;
  readonly handler: string;
  readonly workers: number;
}): Promise<PlainLoop> {
  const waiting: ServerResponse[] = [];
  const events: { requestId: string; body: string }[] = [];
  const results = new Map<string, (posted: Posted) => void>();
  const initErrors: PlainLoop["initErrors"] = [];

  const feed = () => {
    while (waiting.length > 0 && events.length > 0) give(waiting.shift(), events.shift());
  };
  const server = createServer((request, response) => {
    if (request.url?.endsWith("/next")) {
      waiting.push(response);
      response.once("close", () => {
        const index = waiting.indexOf(response);
        if (index >= 0) waiting.splice(index, 1);
      });
      return feed();
    }
    return void take(request, response, results, initErrors);
  });
  server.keepAliveTimeout = 0;
  await once(server.listen(0, "127.0.0.1"), "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo;
  const child = start(options, port);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface(stream).on("line", (line) => line === "" || lines.push(line));
  const ended = once(child, "close").then(([code, signal]: (number | string)[]) => code ?? signal);

  return {
    lines,
    initErrors,
    ended: ended.then((how) => how ?? "nothing"),
    invoke: (requestId, event, patienceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), patienceMs);
        results.set(requestId, (posted) => {
          clearTimeout(timer);
          resolve(posted);
        });
        events.push({ requestId, body: JSON.stringify(event) });
        feed();
      }),
    close: async () => {
      child.kill("SIGKILL");
      await ended;
      server.close();
      server.closeAllConnections();
    },
  };
}

function start(options: Parameters<typeof startPlainLoop>[0], port: number): ChildProcess {
  const { node, runtime, taskRoot, handler, workers } = options;
  const compiled = process.env["LMI_NATIVE_CLIENT"];
  return spawn(node, ["--import", nativeClient, runtimeClient], {
    cwd: taskRoot,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      TZ: ":UTC",
      LANG: "en_US.UTF-8",
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: "f",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST.PUBLISHED",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "2048",
      AWS_LAMBDA_LOG_FORMAT: "JSON",
      AWS_LAMBDA_LOG_LEVEL: "TRACE",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/f",
      AWS_LAMBDA_LOG_STREAM_NAME: "stream",
      AWS_LAMBDA_MAX_CONCURRENCY: "64",
      AWS_LAMBDA_NODEJS_WORKER_COUNT: String(workers),
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      LAMBDA_TASK_ROOT: taskRoot,
      _HANDLER: handler,
      ...(compiled ? { LMI_NATIVE_CLIENT: compiled } : {}),
    },
  });
}

function give(
  response: ServerResponse | undefined,
  event: { readonly requestId: string; readonly body: string } | undefined,
): void {
  if (!response || !event) return;
  response.writeHead(200, {
    "content-type": "application/json",
    "lambda-runtime-aws-request-id": event.requestId,
    "lambda-runtime-deadline-ms": Date.now() + 60_000,
    "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:000000000000:function:f",
    "lambda-runtime-trace-id": "Root=1-0-0;Parent=0;Sampled=0",
  });
  response.end(event.body);
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  results: ReadonlyMap<string, (posted: Posted) => void>,
  initErrors: PlainLoop["initErrors"],
): Promise<void> {
  const bytes = await buffer(request);
  const body = bytes.toString();
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  response.writeHead(202).end();
  const match = /\/invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? "");
  if (!match) {
    initErrors.push({ errorType: header("lambda-runtime-function-error-type") ?? "", body });
    return;
  }
  const trailing = request.trailers["lambda-runtime-function-error-body"];
  results.get(match[1] ?? "")?.({
    what: match[2] === "error" ? "error" : "response",
    body,
    bytes: bytes.byteLength,
    contentType: header("content-type"),
    trailingError: trailing === undefined ? undefined : Buffer.from(trailing, "base64").toString(),
  });
}
