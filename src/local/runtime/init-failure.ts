/** Codes that Lambda has both for a version's state and for its last update (botocore service model). */
export type InitFailureCode =
  | "CapacityProviderScalingLimitExceeded"
  | "EC2RequestLimitExceeded"
  | "FunctionError.InitResourceExhausted"
  | "FunctionError.InitTimeout"
  | "FunctionError.RuntimeInitError"
  | "InsufficientCapacity"
  | "InternalError"
  | "InvalidConfiguration"
  | "InvalidRuntime"
  | "InvalidSecurityGroup"
  | "InvalidSubnet"
  | "InvalidZipFileException"
  | "SubnetOutOfIPAddresses"
  | "VcpuLimitExceeded";

/** Why an environment did not come up. */
export class InitFailure extends Error {
  readonly reasonCode: InitFailureCode;
  /** The runtime's own description, as an invoke would answer it. */
  readonly body: string;

  constructor(reasonCode: InitFailureCode, message: string, body?: string) {
    super(message);
    this.name = "InitFailure";
    this.reasonCode = reasonCode;
    this.body = body ?? JSON.stringify({ errorType: "Runtime.InitError", errorMessage: message });
  }
}

/** What the runtime posted to `init/error`: `{errorType, errorMessage, stackTrace?}`. */
export function initErrorFailure(body: string): InitFailure {
  const { errorType, errorMessage } = describe(body);
  return new InitFailure("FunctionError.RuntimeInitError", `${errorType}: ${errorMessage}`, body);
}

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
