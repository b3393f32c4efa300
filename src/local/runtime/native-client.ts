// Loaded with `--import` into every execution environment, before AWS's runtime client; runs in its worker threads too.
import fs from "node:fs";
import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import Module from "node:module";
import { Socket } from "node:net";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { lifelineDescriptor } from "./lifeline.ts";

// AWS's runtime client posts results through a native addon (`rapid-client.node`, C++ and libcurl) that only builds
// on Linux. The same three functions over plain HTTP let the client run unchanged everywhere.
interface NextInvocation {
  readonly bodyJson: string;
  readonly headers: IncomingMessage["headers"];
}

const basePath = "/2018-06-01/runtime/invocation/";

function createNativeClient(runtimeApi: string) {
  const [host = "127.0.0.1", port = "80"] = runtimeApi.split(":");
  // One connection only: the target knows a worker thread by the connection on which it asks for work.
  const nextAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  const resultAgent = new Agent({ keepAlive: true, maxSockets: 8 });

  const next = (): Promise<NextInvocation> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        { host, port, path: `${basePath}next`, agent: nextAgent },
        (response) => {
          let bodyJson = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            bodyJson += chunk;
          });
          response.on("end", () => resolve({ bodyJson, headers: response.headers }));
          response.on("error", reject);
        },
      );
      request.on("error", reject);
      request.end();
    });

  const post = (path: string, body: string, headers: Record<string, string>): void => {
    const bytes = Buffer.from(body, "utf8");
    const request = httpRequest(
      {
        host,
        port,
        path: basePath + path,
        method: "POST",
        agent: resultAgent,
        headers: {
          "content-type": "application/json",
          "content-length": bytes.length,
          ...headers,
        },
      },
      (response) => response.resume(),
    );
    request.on("error", (error) =>
      process.stderr.write(`Posting a result failed: ${error.message}\n`),
    );
    request.end(bytes);
  };

  return {
    initializeClient: () => undefined,
    next,
    done: (id: string, body: string) => post(`${id}/response`, body, {}),
    error: (id: string, body: string, xrayCause: string) =>
      post(`${id}/error`, body, {
        "lambda-runtime-function-error-type": errorTypeOf(body),
        // Header values are Latin-1; the cause is only for tracing, which has no target here.
        ...(xrayCause.length > 0 && xrayCause.length < 4096 && /^[\x20-\x7e]*$/.test(xrayCause)
          ? { "lambda-runtime-function-xray-error-cause": xrayCause }
          : {}),
      }),
  };
}

function errorTypeOf(body: string): string {
  const parsed: unknown = JSON.parse(body);
  const type =
    typeof parsed === "object" && parsed !== null && "errorType" in parsed
      ? String(parsed.errorType)
      : "Unhandled";
  return type.replaceAll(/[^\x20-\x7e]/g, "?");
}

type Load = (request: string, ...rest: unknown[]) => unknown;

/** Answers the runtime client's one `require("./rapid-client.node")`. */
function answerNativeRequire(runtimeApi: string): void {
  // `_load` is not in Node's type declarations, but is what every require goes through in Node 22 to 26.
  const loader = Module as unknown as { _load: Load };
  // oxlint-disable-next-line no-underscore-dangle -- Node's own name
  const load = loader._load;
  // oxlint-disable-next-line no-underscore-dangle -- Node's own name
  loader._load = (request, ...rest) =>
    request === "./rapid-client.node"
      ? createNativeClient(runtimeApi)
      : Reflect.apply(load, Module, [request, ...rest]);
}

/** The target holds the other end of this pipe: when it is gone, also by kill -9, nothing of the environment stays. */
function dieWithTarget(): void {
  const lifeline = new Socket({ fd: lifelineDescriptor, readable: true, writable: false });
  lifeline.on("close", die);
  lifeline.on("error", die);
  lifeline.resume();
  lifeline.unref();
}

function die(): void {
  try {
    // The environment leads its own process group, so that what the function started goes too.
    if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
  } catch {
    // No group of its own: ending ourselves is all there is to do.
  }
  process.kill(process.pid, "SIGKILL");
}

/**
 * The runtime client writes log lines with one `fs.writeSync` each. Once a function has used `process.stdout`, the
 * descriptor no longer blocks: a busy pipe then takes a part of the line only, or fails with EAGAIN.
 */
function writeWholeLines(): void {
  const writeSync = fs.writeSync;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const writeAll = (descriptor: number, bytes: Buffer): number => {
    let written = 0;
    while (written < bytes.length) {
      try {
        written += writeSync(descriptor, bytes, written);
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
        Atomics.wait(pause, 0, 0, 1);
      }
    }
    return written;
  };
  const wholeWriteSync = (descriptor: number, data: unknown, ...rest: unknown[]): number =>
    (descriptor === 1 || descriptor === 2) && typeof data === "string" && rest.length === 0
      ? writeAll(descriptor, Buffer.from(data))
      : Reflect.apply(writeSync, fs, [descriptor, data, ...rest]);
  Object.assign(fs, { writeSync: wholeWriteSync });
}

if (isMainThread) dieWithTarget();
writeWholeLines();
// oxlint-disable-next-line node/no-process-env -- the environment's own variables, as the Runtime API defines them
answerNativeRequire(process.env["AWS_LAMBDA_RUNTIME_API"] ?? "");
