/** Types of errors that AWS's data plane of managed instances gives (aws-lambda-runtime-interface-emulator, lambda-managed-instances/rapid/model). */
export const PlatformErrorType = {
  timedOut: "Sandbox.Timedout",
  exited: "Runtime.ExitError",
  outOfMemory: "Runtime.OutOfMemory",
  invalidEntrypoint: "Runtime.InvalidEntrypoint",
  invalidResponseMode: "Runtime.InvalidResponseModeHeader",
  truncatedResponse: "Runtime.TruncatedResponse",
  responseTooLarge: "Function.ResponseSizeTooLarge",
  unknown: "Runtime.Unknown",
} as const;

/**
 * What becomes of the error type that a runtime names: only `Runtime.…` and `Function.…` are kept. AWS's Node.js client
 * names none for a handler's error, so that such errors count as `Runtime.Unknown`; the caller reads the body.
 */
export function platformErrorType(named: string | undefined): string {
  if (named !== undefined && /(?:Runtime|Function)\.[A-Z][a-zA-Z]+/.test(named)) return named;
  return named?.startsWith("Function.") ? "Function.Unknown" : PlatformErrorType.unknown;
}
