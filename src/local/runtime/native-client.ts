// Loaded with `--import` into every execution environment, before AWS's runtime client; runs in its worker threads too.
import fs from "node:fs";
import { request as httpRequest } from "node:http";
import Module from "node:module";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename } from "node:path";
import process from "node:process";
import { isMainThread, threadId } from "node:worker_threads";
import type { Frame } from "./frames.ts";
import { FrameKind, FrameWriter, framesProtocol, readFrames, workerHeader } from "./frames.ts";
import { environmentTmpPrefix, lifelineDescriptor } from "./lifeline.ts";

// AWS's runtime client asks for work and posts results through a native addon (`rapid-client.node`, C++ and libcurl)
// that only builds on Linux. The same functions over an upgraded connection let the client run unchanged everywhere;
// streamed responses and init errors it posts itself, over HTTP.
interface NextInvocation {
  readonly bodyJson: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks the Runtime API for a connection with frames; there is one for each worker thread. */
function connect(runtimeApi: string, onFrame: (frame: Frame) => void): Promise<FrameWriter> {
  const [host = "127.0.0.1", port = "80"] = runtimeApi.split(":");
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host,
      port,
      path: "/2018-06-01/runtime/invocation/next",
      headers: { connection: "Upgrade", upgrade: framesProtocol, [workerHeader]: threadId },
    });
    request.on("upgrade", (_response, socket, head) => {
      readFrames(socket, head, onFrame);
      resolve(new FrameWriter(socket));
    });
    request.on("error", reject);
    request.end();
  });
}

function createNativeClient(runtimeApi: string) {
  let waiting: ((invocation: NextInvocation) => void) | undefined;
  let connection: Promise<FrameWriter> | undefined;
  let writer: FrameWriter | undefined;

  const next = async (): Promise<NextInvocation> => {
    connection ??= connect(runtimeApi, ({ head, body }) =>
      waiting?.({
        bodyJson: body.toString("utf8"),
        headers: JSON.parse(head) as Record<string, string>,
      }),
    );
    writer = await connection;
    const arrived = new Promise<NextInvocation>((resolve) => {
      waiting = resolve;
    });
    writer.write(FrameKind.next);
    return arrived;
  };

  // The addon takes strings only. What JSON.stringify makes nothing of (a function, a symbol) is so never answered.
  function done(id: unknown, body: unknown): void {
    if (typeof id !== "string" || typeof body !== "string") throw wrongArguments(done);
    writer?.write(FrameKind.response, id, "", body);
  }
  function error(id: unknown, body: unknown): void {
    if (typeof id !== "string" || typeof body !== "string") throw wrongArguments(error);
    writer?.write(FrameKind.error, id, "", body);
  }
  return { initializeClient: () => undefined, next, done, error };
}

/** As rapid-client.cc throws it: native code leaves no frame in the stack, which the function's log shows. */
function wrongArguments(thrower: (...input: never) => unknown): TypeError {
  const error = new TypeError("Wrong arguments");
  Error.captureStackTrace(error, thrower);
  return error;
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

/** The environment's own /tmp, which nobody else is left to remove. */
function removeTmp(): void {
  // A function may have pointed TMPDIR elsewhere: only a folder made for an environment goes.
  if (!basename(tmpdir()).startsWith(environmentTmpPrefix)) return;
  try {
    fs.rmSync(tmpdir(), { recursive: true, force: true });
  } catch {
    // What cannot be removed stays for the system's own cleaning.
  }
}

function die(): void {
  removeTmp();
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
