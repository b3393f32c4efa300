/** Where an environment's lines go: one log stream. */
export interface LogSink {
  append(message: string): void;
}

const levels = ["DEBUG", "INFO", "WARN"] as const;
export type SystemLevel = (typeof levels)[number];

/**
 * The platform's own records in a function's log, as JSON system logs
 * (Lambda developer guide, monitoring-cloudwatchlogs-logformat and telemetry-schema-reference).
 */
export class PlatformLog {
  readonly #sink: LogSink;
  readonly #threshold: number;
  readonly #version: string;
  readonly #memoryMb: number;

  constructor(
    sink: LogSink,
    options: {
      readonly systemLogLevel: string;
      readonly version: string;
      readonly memoryMb: number;
    },
  ) {
    this.#sink = sink;
    this.#threshold = levels.findIndex((level) => level === options.systemLogLevel);
    this.#version = options.version;
    this.#memoryMb = options.memoryMb;
  }

  initStart(functionName: string, runtime: string): void {
    this.#write("INFO", "platform.initStart", {
      initializationType: "lambda-managed-instances",
      phase: "init",
      functionName,
      functionVersion: this.#version,
      runtimeVersion: runtime,
    });
  }

  initReport(status: "success" | "error" | "timeout", durationMs: number): void {
    this.#write(status === "success" ? "INFO" : "WARN", "platform.initReport", {
      initializationType: "lambda-managed-instances",
      phase: "init",
      status,
      metrics: { durationMs: rounded(durationMs) },
    });
  }

  // The two records of every request are put together by hand: they are written thousands of times a second.
  start(requestId: string): void {
    if (!this.#wants("INFO")) return;
    this.#sink.append(
      `{"time":"${new Date().toISOString()}","type":"platform.start","record":{"requestId":"${requestId}","version":"${this.#version}"}}`,
    );
  }

  /** No billed duration: managed instances are not billed by it. */
  report(requestId: string, durationMs: number, errorType: string | undefined): void {
    const level = errorType === undefined ? "INFO" : "WARN";
    if (!this.#wants(level)) return;
    const failure =
      errorType === undefined
        ? '"status":"success"'
        : `"status":"${errorType === "Sandbox.Timedout" ? "timeout" : "error"}","errorType":${JSON.stringify(errorType)}`;
    this.#sink.append(
      `{"time":"${new Date().toISOString()}","type":"platform.report","record":{"requestId":"${requestId}",${failure},"metrics":{"durationMs":${rounded(durationMs)},"memorySizeMB":${this.#memoryMb}}}}`,
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

const rounded = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;
