import type { ServerResponse } from "node:http";

/** What the Runtime API tells a runtime when it does not take what was posted. */
export interface Refusal {
  readonly status: number;
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Statuses and texts of AWS's own (aws-lambda-runtime-interface-emulator, lambda-managed-instances/rapi/rendering). */
export const refusals = {
  unknownId: { status: 400, errorType: "InvalidRequestID", errorMessage: "Invalid request ID" },
  timedOut: { status: 410, errorType: "InvokeTimeout", errorMessage: "Invoke timeout" },
  invalidMode: {
    status: 400,
    errorType: "InvalidFunctionResponseMode",
    errorMessage: "Invalid function response mode",
  },
  truncated: {
    status: 400,
    errorType: "TruncatedHTTPRequest",
    errorMessage: "HTTP request detected as truncated",
  },
  tooLarge: {
    status: 413,
    errorType: "RequestEntityTooLarge",
    errorMessage: "Exceeded maximum allowed payload size (6291556 bytes).",
  },
} as const satisfies Record<string, Refusal>;

export function accept(response: ServerResponse): void {
  const body = '{"status":"OK"}\n';
  response.writeHead(202, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}

export function refuse(response: ServerResponse, { status, ...body }: Refusal): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
