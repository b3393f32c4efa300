import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DebugDoor } from "./debug-door.ts";
import type { LogSink } from "./environment-log.ts";
import { PlatformLog } from "./environment-log.ts";
import { ended, killEnvironment, spawnEnvironment } from "./environment-process.ts";
import type { EnvironmentSpec } from "./environment-variables.ts";
import { environmentVariables } from "./environment-variables.ts";
import { PlatformErrorType } from "./error-types.ts";
import {
  entryPointFailure,
  exitDescription,
  exitFailure,
  InitFailure,
  initErrorFailure,
  memoryFailure,
  timeoutFailure,
} from "./init-failure.ts";
import type { Invocation, InvocationResult } from "./invocation.ts";
import { platformError } from "./invocation.ts";
import type { Launch } from "./launch.ts";
import { environmentTmpPrefix } from "./lifeline.ts";
import { watchMemory } from "./memory-watch.ts";
import { RuntimeApi } from "./runtime-api.ts";

export interface EnvironmentHost {
  /** What to run: the function's runtime. */
  readonly launch: Launch;
  readonly log: LogSink;
  readonly logStream: string;
  readonly initTimeoutMs: number;
  /** Where the environment's /tmp is made. Nothing: the system's temporary folder. */
  readonly tmpFolder?: string | undefined;
  /** Stops the environment, as it comes up or later. */
  readonly signal?: AbortSignal | undefined;
  /** Called once when the process ended without being asked to. */
  readonly onCrash: (environment: Environment) => void;
  /** Where a debugger comes in; while one is there, nothing times out. */
  readonly debug?: DebugDoor | undefined;
  /** Called once when nothing more will be logged. */
  readonly onStop?: (() => Promise<void>) | undefined;
}

interface Running {
  readonly resolve: (result: InvocationResult) => void;
  timer: NodeJS.Timeout;
  readonly startedAt: number;
}

/** One execution environment: a real process with the function's runtime, serving many requests at once. */
export class Environment {
  readonly spec: EnvironmentSpec;
  readonly #host: EnvironmentHost;
  readonly #api: RuntimeApi;
  readonly #platform: PlatformLog;
  readonly #running = new Map<string, Running>();
  readonly #initialised = Promise.withResolvers<void>();
  /** What a worker reported of its initialization; it counts when no other worker comes up. */
  #initError: { readonly errorType: string; readonly failure: InitFailure } | undefined;
  #process: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #endMemoryWatch: () => void = () => undefined;
  #outOfMemory = false;
  #tmp: string | undefined;
  #stopping: Promise<void> | undefined;
  #state: "starting" | "serving" | "stopped" = "starting";

  /** Starts a process and resolves when it asks for work. Fails with InitFailure. */
  static async start(spec: EnvironmentSpec, host: EnvironmentHost): Promise<Environment> {
    const environment = new Environment(spec, host);
    const startedAt = performance.now();
    host.signal?.addEventListener("abort", environment.#onAbort, { once: true });
    try {
      await environment.#init();
    } catch (error) {
      await environment.#outputRead();
      const errorType = environment.#initErrorType(error);
      environment.#platform.initDone({ durationMs: performance.now() - startedAt, errorType });
      await environment.stop();
      throw error;
    }
    environment.#platform.initDone({ durationMs: performance.now() - startedAt });
    return environment;
  }

  private constructor(spec: EnvironmentSpec, host: EnvironmentHost) {
    this.spec = spec;
    this.#host = host;
    this.#platform = new PlatformLog(host.log, {
      systemLogLevel: spec.systemLogLevel,
      version: spec.functionVersion,
      functionArn: spec.functionArn,
    });
    this.#api = new RuntimeApi({
      ready: () => this.#initialised.resolve(),
      initError: ({ errorType, body }) => {
        this.#initError ??= { errorType, failure: initErrorFailure(body) };
      },
      result: (requestId, result) => this.#settle(requestId, result),
    });
    // A failure before anybody waits for it is reported by the wait that follows.
    this.#initialised.promise.catch(() => undefined);
  }

  get inFlight(): number {
    return this.#running.size;
  }

  get serving(): boolean {
    return this.#state === "serving";
  }

  /** Process id, for tests and the target's log. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Runs the function once. A result always comes: errors of the function, timeout and crash are results. */
  invoke(invocation: Invocation): Promise<InvocationResult> {
    const { requestId, timeoutMs } = invocation;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#timeOut(requestId, timeoutMs), timeoutMs);
      this.#running.set(requestId, { resolve, timer, startedAt: performance.now() });
      this.#platform.start(requestId);
      this.#api.deliver(invocation);
    });
  }

  /** Ends the process; requests still in it fail. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  readonly #onAbort = () => void this.stop();

  async #end(): Promise<void> {
    this.#state = "stopped";
    this.#host.signal?.removeEventListener("abort", this.#onAbort);
    this.#endMemoryWatch();
    if (this.#process) killEnvironment(this.#process);
    await this.#exited;
    this.#failAll(PlatformErrorType.exited);
    this.#api.close();
    if (this.#tmp) await rm(this.#tmp, { recursive: true, force: true });
    await this.#host.onStop?.();
  }

  async #init(): Promise<void> {
    const { spec } = this;
    const { launch, logStream } = this.#host;
    const runtimeApi = await this.#api.listen();
    const tmp = await mkdtemp(join(this.#host.tmpFolder ?? tmpdir(), environmentTmpPrefix));
    this.#tmp = tmp;
    this.#host.signal?.throwIfAborted();
    this.#platform.initStart({ ...spec, logStream });
    const child = spawnEnvironment({
      launch,
      cwd: spec.taskRoot,
      variables: environmentVariables(spec, { launch, runtimeApi, logStream, tmp }),
      tmp,
      onLine: (line) => {
        if (!this.#host.debug?.takes(line)) this.#host.log.append(line);
      },
    });
    this.#watch(child);
    await this.#initialisedInTime();
    if (this.#state === "starting") this.#state = "serving";
  }

  #watch(child: ChildProcess): void {
    this.#process = child;
    this.#exited = ended(child);
    child.once("error", (error) =>
      this.#initialised.reject(
        new InitFailure("InternalError", `The runtime could not be started: ${error.message}`),
      ),
    );
    child.once("exit", (code, signal) => this.#processExited(code, signal));
    if (child.pid === undefined) return;
    this.#endMemoryWatch = watchMemory(child.pid, this.spec.memoryMb * 1024 * 1024, () => {
      this.#outOfMemory = true;
      killEnvironment(child);
    });
  }

  async #initialisedInTime(): Promise<void> {
    const { initTimeoutMs, debug } = this.#host;
    const timeOut = () => {
      if (debug?.attached) timer = setTimeout(timeOut, initTimeoutMs);
      else this.#initialised.reject(timeoutFailure(initTimeoutMs));
    };
    let timer = setTimeout(timeOut, initTimeoutMs);
    try {
      await this.#initialised.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #initErrorType(error: unknown): string {
    const reported = this.#initError;
    if (reported && error === reported.failure) return reported.errorType;
    return error instanceof InitFailure ? error.errorType : PlatformErrorType.unknown;
  }

  /** Lines that a process wrote before its end belong before the record of its end. */
  async #outputRead(): Promise<void> {
    if (this.#state === "stopped") await this.#exited;
  }

  #processExited(code: number | null, signal: NodeJS.Signals | null): void {
    const wasServing = this.#state === "serving";
    this.#state = "stopped";
    this.#endMemoryWatch();
    // What the function started, or the watcher beside it, goes with its main process.
    if (this.#process) killEnvironment(this.#process);
    this.#failAll(this.#outOfMemory ? PlatformErrorType.outOfMemory : PlatformErrorType.exited);
    this.#initialised.reject(this.#initFailure(code, signal));
    if (!wasServing) return;
    void this.stop();
    this.#host.onCrash(this);
  }

  #initFailure(code: number | null, signal: NodeJS.Signals | null): InitFailure {
    if (this.#initError) return this.#initError.failure;
    if (this.#outOfMemory) return memoryFailure(`limit of ${this.spec.memoryMb} MB`);
    // The shell's words for what cannot be executed.
    if (code === 126 || code === 127) {
      return entryPointFailure(
        `fork/exec ${this.#host.launch.file}: ${exitDescription(code, signal)}`,
      );
    }
    return exitFailure(code, signal);
  }

  #timeOut(requestId: string, timeoutMs: number): void {
    const running = this.#running.get(requestId);
    if (running && this.#host.debug?.attached) {
      // It may stand at a breakpoint. Once the debugger is gone, it has at most its whole time again.
      running.timer = setTimeout(() => this.#timeOut(requestId, timeoutMs), timeoutMs);
      return;
    }
    const seconds = (timeoutMs / 1000).toFixed(2);
    this.#fail(requestId, PlatformErrorType.timedOut, `Task timed out after ${seconds} seconds`);
  }

  /** All that runs ends with the runtime; AWS tells the type only (…/aws-lambda-rie/test/rie_test.go). */
  #failAll(errorType: string): void {
    for (const requestId of this.#running.keys()) this.#fail(requestId, errorType);
  }

  #fail(requestId: string, errorType: string, message?: string): void {
    this.#api.forget(requestId);
    this.#settle(requestId, platformError(errorType, message));
  }

  #settle(requestId: string, result: InvocationResult): void {
    const running = this.#running.get(requestId);
    if (!running) return;
    this.#running.delete(requestId);
    clearTimeout(running.timer);
    const durationMs = performance.now() - running.startedAt;
    this.#platform.report(requestId, { durationMs, errorType: result.errorType });
    running.resolve(result);
  }
}
