import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogSink } from "./environment-log.ts";
import { PlatformLog } from "./environment-log.ts";
import { killEnvironment, spawnEnvironment } from "./environment-process.ts";
import type { EnvironmentSpec } from "./environment-variables.ts";
import { environmentVariables } from "./environment-variables.ts";
import { InitFailure, initErrorFailure } from "./init-failure.ts";
import type { Invocation, InvocationResult } from "./invocation.ts";
import { platformError } from "./invocation.ts";
import { environmentTmpPrefix } from "./lifeline.ts";
import { RuntimeApi } from "./runtime-api.ts";

export interface EnvironmentHost {
  /** The Node.js binary of the function's runtime. */
  readonly node: string;
  readonly log: LogSink;
  readonly logStream: string;
  readonly initTimeoutMs: number;
  /** Where the environment's /tmp is made. Nothing: the system's temporary folder. */
  readonly tmpFolder?: string | undefined;
  /** Called once when the process ended without being asked to. */
  readonly onCrash: (environment: Environment) => void;
  /** Called once when nothing more will be logged. */
  readonly onStop?: (() => Promise<void>) | undefined;
}

interface Running {
  readonly resolve: (result: InvocationResult) => void;
  readonly timer: NodeJS.Timeout;
  readonly startedAt: number;
}

/** A worker that ends itself and its process is first heard of by its connection; the exit status comes a moment later. */
const exitGraceMs = 100;

/** One execution environment: a real process with AWS's runtime client, serving many requests at once. */
export class Environment {
  readonly spec: EnvironmentSpec;
  readonly #host: EnvironmentHost;
  readonly #api: RuntimeApi;
  readonly #platform: PlatformLog;
  readonly #running = new Map<string, Running>();
  readonly #initialised = Promise.withResolvers<void>();
  #process: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #tmp: string | undefined;
  #stopping: Promise<void> | undefined;
  #readyWorkers = 0;
  #state: "starting" | "serving" | "stopped" = "starting";

  /** Starts a process and resolves when all its workers ask for work. Fails with InitFailure. */
  static async start(spec: EnvironmentSpec, host: EnvironmentHost): Promise<Environment> {
    const environment = new Environment(spec, host);
    const startedAt = performance.now();
    try {
      await environment.#init();
    } catch (error) {
      const timedOut =
        error instanceof InitFailure && error.reasonCode === "FunctionError.InitTimeout";
      environment.#platform.initReport(
        timedOut ? "timeout" : "error",
        performance.now() - startedAt,
      );
      await environment.stop();
      throw error;
    }
    environment.#platform.initReport("success", performance.now() - startedAt);
    return environment;
  }

  private constructor(spec: EnvironmentSpec, host: EnvironmentHost) {
    this.spec = spec;
    this.#host = host;
    this.#platform = new PlatformLog(host.log, {
      systemLogLevel: spec.systemLogLevel,
      version: spec.functionVersion,
      memoryMb: spec.memoryMb,
    });
    this.#api = new RuntimeApi({
      workerReady: () => this.#workerReady(),
      initError: (body) => this.#initialised.reject(initErrorFailure(body)),
      workerLost: (requestIds) => this.#workerLost(requestIds),
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

  async #end(): Promise<void> {
    this.#state = "stopped";
    if (this.#process) killEnvironment(this.#process);
    await this.#exited;
    this.#failAll("Runtime.ExitError", "Runtime exited: the execution environment was shut down");
    this.#api.close();
    if (this.#tmp) await rm(this.#tmp, { recursive: true, force: true });
    await this.#host.onStop?.();
  }

  async #init(): Promise<void> {
    const runtimeApi = await this.#api.listen();
    this.#tmp = await mkdtemp(join(this.#host.tmpFolder ?? tmpdir(), environmentTmpPrefix));
    this.#platform.initStart(this.spec.functionName, this.spec.runtime);
    const child = spawnEnvironment({
      node: this.#host.node,
      memoryMb: this.spec.memoryMb,
      cwd: this.spec.taskRoot,
      variables: environmentVariables(this.spec, {
        node: this.#host.node,
        runtimeApi,
        logStream: this.#host.logStream,
        tmp: this.#tmp,
      }),
      onLine: (line) => this.#host.log.append(line),
    });
    this.#process = child;
    this.#exited = once(child, "exit").catch(() => undefined);
    child.once("error", (error) =>
      this.#initialised.reject(
        new InitFailure("InternalError", `Node.js could not be started: ${error.message}`),
      ),
    );
    child.once("exit", (code, signal) => this.#processExited(code, signal));
    await this.#initialisedInTime();
    if (this.#state === "starting") this.#state = "serving";
  }

  async #initialisedInTime(): Promise<void> {
    const { initTimeoutMs } = this.#host;
    const timer = setTimeout(
      () =>
        this.#initialised.reject(
          new InitFailure(
            "FunctionError.InitTimeout",
            `The function's initialization did not finish within ${(initTimeoutMs / 1000).toFixed(2)} seconds.`,
          ),
        ),
      initTimeoutMs,
    );
    try {
      await this.#initialised.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #workerReady(): void {
    this.#readyWorkers += 1;
    if (this.#readyWorkers >= this.spec.workers) this.#initialised.resolve();
  }

  #workerLost(requestIds: readonly string[]): void {
    if (requestIds.length === 0) return;
    setTimeout(() => {
      for (const requestId of requestIds)
        this.#fail(requestId, "Runtime.ExitError", "Runtime exited without providing a reason");
    }, exitGraceMs).unref();
  }

  #processExited(code: number | null, signal: NodeJS.Signals | null): void {
    const how = signal === null ? `exit status ${code ?? "unknown"}` : `signal: ${signal}`;
    const wasServing = this.#state === "serving";
    if (this.#state !== "stopped") this.#state = "stopped";
    this.#failAll("Runtime.ExitError", `Runtime exited with error: ${how}`);
    this.#initialised.reject(exitFailure(how, signal));
    if (!wasServing) return;
    void this.stop();
    this.#host.onCrash(this);
  }

  #timeOut(requestId: string, timeoutMs: number): void {
    this.#fail(
      requestId,
      "Sandbox.Timedout",
      `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
    );
  }

  #failAll(errorType: string, message: string): void {
    for (const requestId of this.#running.keys()) this.#fail(requestId, errorType, message);
  }

  #fail(requestId: string, errorType: string, message: string): void {
    this.#api.forget(requestId);
    this.#settle(requestId, platformError(requestId, errorType, message));
  }

  #settle(requestId: string, result: InvocationResult): void {
    const running = this.#running.get(requestId);
    if (!running) return;
    this.#running.delete(requestId);
    clearTimeout(running.timer);
    this.#platform.report(requestId, performance.now() - running.startedAt, result.errorType);
    running.resolve(result);
  }
}

function exitFailure(how: string, signal: NodeJS.Signals | null): InitFailure {
  // V8 aborts the process when the heap is full.
  return signal === "SIGABRT"
    ? new InitFailure(
        "FunctionError.InitResourceExhausted",
        `The function ran out of memory during initialization. (${how})`,
      )
    : new InitFailure(
        "FunctionError.RuntimeInitError",
        `The runtime exited during initialization with error: ${how}`,
      );
}
