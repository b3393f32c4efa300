import type {
  InvocationRequest,
  InvocationResponse,
  InvokeWithResponseStreamRequest,
  InvokeWithResponseStreamResponse,
} from "@aws-sdk/client-lambda";
import type { Invocation, InvocationResult } from "../../runtime/invocation.ts";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { functionReference } from "./arns.ts";
import type { EventQueue } from "./event-queue.ts";
import { invalidParameter } from "./failures.ts";
import { runFunction } from "./function-run.ts";
import type { Route, Routes } from "./invoke-route.ts";
import { streamedResponse } from "./invoke-stream.ts";
import type { Operations } from "./lambda-context.ts";
import { maxAsyncPayload, maxSyncPayload, maxSyncTimeoutMs } from "./limits.ts";

const empty = Buffer.from("{}");
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function invokeOperations(routes: Routes, events: EventQueue): Operations {
  return {
    Invoke: async (input: InvocationRequest, context: CallContext): Promise<InvocationResponse> => {
      if (input.LogType === "Tail") throw tailRefused();
      const type = input.InvocationType ?? "RequestResponse";
      const payload = checkedPayload(
        input.Payload,
        type === "Event" ? maxAsyncPayload : maxSyncPayload,
      );
      const route = routes.find(input, context);
      if (type === "DryRun") return { StatusCode: 204 };
      const { name, qualifier } = functionReference(input);
      const invocation = invocationOf(route, payload, input, context);
      if (type === "Event") {
        events.accept({ ...invocation, region: context.region, functionName: name, qualifier });
        return { StatusCode: 202 };
      }
      return response(route, await runFunction(route, invocation));
    },

    InvokeWithResponseStream: async (
      input: InvokeWithResponseStreamRequest,
      context: CallContext,
    ): Promise<InvokeWithResponseStreamResponse> => {
      if (input.LogType === "Tail") throw tailRefused();
      const payload = checkedPayload(input.Payload, maxSyncPayload);
      const route = routes.find(input, context);
      if (input.InvocationType === "DryRun") return { StatusCode: 204 };
      return streamedResponse(route, invocationOf(route, payload, input, context), runFunction);
    },
  };
}

function response(route: Route, { payload, errorType }: InvocationResult): InvocationResponse {
  return errorType === undefined
    ? { StatusCode: 200, ExecutedVersion: route.version, Payload: payload }
    : {
        StatusCode: 200,
        ExecutedVersion: route.version,
        FunctionError: "Unhandled",
        Payload: payload,
      };
}

function invocationOf(
  route: Route,
  payload: Uint8Array,
  input: { readonly ClientContext?: string | undefined },
  context: CallContext,
): Invocation {
  return {
    requestId: context.requestId,
    payload,
    functionArn: route.arn,
    timeoutMs: Math.min(route.timeoutMs, maxSyncTimeoutMs),
    clientContext: clientContextOf(input.ClientContext),
  };
}

/** The payload must be JSON; nothing counts as an empty object. */
function checkedPayload(payload: Uint8Array | undefined, limit: number): Uint8Array {
  if (payload === undefined || payload.byteLength === 0) return empty;
  if (payload.byteLength > limit) {
    // Observed text of the Lambda API.
    throw new ServiceError(
      "RequestTooLargeException",
      `${payload.byteLength} byte payload is too large for the ${limit === maxAsyncPayload ? "Event" : "RequestResponse"} invocation type (limit ${limit} bytes)`,
      { members: { Type: "User" } },
    );
  }
  try {
    JSON.parse(utf8.decode(payload));
  } catch (error) {
    throw new ServiceError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${error instanceof SyntaxError ? error.message : "Invalid UTF-8"}`,
      { members: { Type: "User" } },
    );
  }
  return payload;
}

function clientContextOf(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, "base64").toString();
  try {
    JSON.parse(text);
  } catch {
    throw new ServiceError(
      "InvalidRequestContentException",
      "Client context must be a valid Base64-encoded JSON object.",
    );
  }
  // A header cannot carry everything that JSON can; escaped it can.
  return text.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

// Part of the text as seen by aws/aws-sam-cli, lambda_invoke_executors.py; the rest is not published.
const tailRefused = () =>
  invalidParameter(
    "Tail logs are not supported for functions configured with capacity provider configuration.",
  );
