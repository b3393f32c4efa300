import type { LastUpdateStatusReasonCode } from "@aws-sdk/client-lambda";
import { PlatformErrorType } from "./error-types.ts";

/** Codes that Lambda has both for a version's state and for its last update (botocore service model). */
export type InitFailureCode = LastUpdateStatusReasonCode;

/** Why an environment did not come up. */
export class InitFailure extends Error {
  readonly reasonCode: InitFailureCode;
  /** The data plane's word for it, as its records have it. */
  readonly errorType: string;
  /** The runtime's own description, as an invoke would answer it. */
  readonly body: string;

  constructor(reasonCode: InitFailureCode, message: string, body?: string) {
    super(message);
    this.name = "InitFailure";
    this.reasonCode = reasonCode;
    this.body = body ?? JSON.stringify({ errorType: "Runtime.InitError", errorMessage: message });
    this.errorType = describe(this.body).errorType;
  }
}

/** What the runtime posted to `init/error`: `{errorType, errorMessage, stackTrace?}`. */
export function initErrorFailure(body: string): InitFailure {
  const { errorType, errorMessage } = describe(body);
  return new InitFailure("FunctionError.RuntimeInitError", `${errorType}: ${errorMessage}`, body);
}

/** The process ended before it asked for work. */
export function exitFailure(code: number | null, signal: NodeJS.Signals | null): InitFailure {
  // V8 aborts the process when the heap is full.
  if (signal === "SIGABRT") return memoryFailure(`signal: ${signal}`);
  const how =
    code === 0 ? "without providing a reason" : `with error: ${exitDescription(code, signal)}`;
  return new InitFailure(
    "FunctionError.RuntimeInitError",
    `${PlatformErrorType.exited}: Runtime exited ${how}`,
    JSON.stringify({ errorType: PlatformErrorType.exited }),
  );
}

export function memoryFailure(how: string): InitFailure {
  return new InitFailure(
    "FunctionError.InitResourceExhausted",
    `The function ran out of memory during initialization. (${how})`,
    JSON.stringify({ errorType: PlatformErrorType.outOfMemory }),
  );
}

export function timeoutFailure(milliseconds: number): InitFailure {
  return new InitFailure(
    "FunctionError.InitTimeout",
    `The function's initialization did not finish within ${(milliseconds / 1000).toFixed(2)} seconds.`,
    JSON.stringify({ errorType: PlatformErrorType.timedOut }),
  );
}

/** No executable to start (`Runtime.InvalidEntrypoint`, whose texts are those of Lambda's classic data plane). */
export function entryPointFailure(message: string): InitFailure {
  return new InitFailure(
    "FunctionError.InvalidEntryPoint",
    `${PlatformErrorType.invalidEntrypoint}: ${message}`,
    JSON.stringify({ errorType: PlatformErrorType.invalidEntrypoint }),
  );
}

export const exitDescription = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exit status ${code ?? "unknown"}` : `signal: ${signalWords[signal] ?? signal}`;

/** Go's words for signals, which AWS's data plane prints. */
const signalWords: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGABRT: "aborted",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
  SIGTRAP: "trace/breakpoint trap",
};

function describe(body: string): { readonly errorType: string; readonly errorMessage: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null) {
      const { errorType, errorMessage } = parsed as Record<string, unknown>;
      return {
        errorType: typeof errorType === "string" ? errorType : "Runtime.Unknown",
        errorMessage: typeof errorMessage === "string" ? errorMessage : body,
      };
    }
  } catch {
    // Not JSON: shown as it is.
  }
  return { errorType: "Runtime.Unknown", errorMessage: body };
}
