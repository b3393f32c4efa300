/** Where an environment's lines go: one log stream. */
export interface LogSink {
  append(message: string): void;
}

const levels = ["DEBUG", "INFO", "WARN"] as const;
export type SystemLevel = (typeof levels)[number];

/** How a phase or a request ended (…/interop/response_status.go). */
export interface Outcome {
  readonly durationMs: number;
  /** Type of the error; nothing: success. */
  readonly errorType?: string | undefined;
}

/**
 * The platform's own records in a function's log, as JSON system logs: fields as AWS's data plane of managed instances
 * writes them (aws-lambda-runtime-interface-emulator, lambda-managed-instances/interop/events_api.go), levels as in the
 * Lambda developer guide, monitoring-cloudwatchlogs-log-level.
 */
export class PlatformLog {
  readonly #sink: LogSink;
  readonly #threshold: number;
  readonly #version: string;
  readonly #arn: string;

  constructor(
    sink: LogSink,
    options: {
      readonly systemLogLevel: string;
      readonly version: string;
      readonly functionArn: string;
    },
  ) {
    this.#sink = sink;
    this.#threshold = levels.findIndex((level) => level === options.systemLogLevel);
    this.#version = options.version;
    this.#arn = options.functionArn;
  }

  initStart(about: {
    readonly functionName: string;
    readonly runtime: string;
    readonly logStream: string;
    readonly memoryMb: number;
  }): void {
    this.#write("INFO", "platform.initStart", {
      initializationType,
      phase: "init",
      functionName: about.functionName,
      functionVersion: this.#version,
      runtimeVersion: about.runtime,
      instanceId: about.logStream,
      instanceMaxMemory: about.memoryMb * 1024 * 1024,
    });
  }

  /** Two records: the runtime is done, and the whole phase is. */
  initDone({ durationMs, errorType }: Outcome): void {
    const ended = { initializationType, phase: "init", status: statusOf(errorType), errorType };
    const failed = errorType !== undefined;
    this.#write(failed ? "WARN" : "DEBUG", "platform.initRuntimeDone", ended);
    this.#write(failed ? "WARN" : "INFO", "platform.initReport", {
      ...ended,
      metrics: { durationMs: rounded(durationMs) },
    });
  }

  // The two records of every request are put together by hand: they are written thousands of times a second.
  start(requestId: string): void {
    if (!this.#wants("INFO")) return;
    this.#sink.append(
      `{"time":"${new Date().toISOString()}","type":"platform.start","record":{"requestId":"${requestId}","version":"${this.#version}","functionArn":"${this.#arn}"}}`,
    );
  }

  /** No billed duration and no memory: managed instances have neither. */
  report(requestId: string, { durationMs, errorType }: Outcome): void {
    const level = errorType === undefined ? "INFO" : "WARN";
    if (!this.#wants(level)) return;
    const failure = errorType === undefined ? "" : `,"errorType":${JSON.stringify(errorType)}`;
    this.#sink.append(
      `{"time":"${new Date().toISOString()}","type":"platform.report","record":{"requestId":"${requestId}","status":"${statusOf(errorType)}","metrics":{"durationMs":${rounded(durationMs)}}${failure}}}`,
    );
  }

  #wants(level: SystemLevel): boolean {
    return levels.indexOf(level) >= this.#threshold;
  }

  #write(level: SystemLevel, type: string, record: object): void {
    if (!this.#wants(level)) return;
    this.#sink.append(JSON.stringify({ time: new Date().toISOString(), type, record }));
  }
}

const initializationType = "lambda-managed-instances";

function statusOf(errorType: string | undefined): "success" | "timeout" | "error" {
  if (errorType === undefined) return "success";
  return errorType === "Sandbox.Timedout" ? "timeout" : "error";
}

const rounded = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;
