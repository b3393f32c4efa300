import type {
  InvocationRequest,
  InvocationResponse,
  InvokeWithResponseStreamRequest,
  InvokeWithResponseStreamResponse,
} from "@aws-sdk/client-lambda";
import type { Invocation, InvocationResult } from "../../runtime/invocation.ts";
import { SaturatedError } from "../../runtime/fleet.ts";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { invalidParameter, throttled } from "./failures.ts";
import type { Route, Routes } from "./invoke-route.ts";
import { streamedResponse } from "./invoke-stream.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { maxAsyncPayload, maxSyncPayload } from "./limits.ts";

const empty = Buffer.from("{}");
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function invokeOperations(lambda: LambdaContext, routes: Routes): Operations {
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
      const invocation = invocationOf(route, payload, input, context);
      if (type === "Event") {
        invokeLater(lambda, route, invocation);
        return { StatusCode: 202 };
      }
      return response(route, await run(route, invocation));
    },

    InvokeWithResponseStream: async (
      input: InvokeWithResponseStreamRequest,
      context: CallContext,
    ): Promise<InvokeWithResponseStreamResponse> => {
      if (input.LogType === "Tail") throw tailRefused();
      const payload = checkedPayload(input.Payload, maxSyncPayload);
      const route = routes.find(input, context);
      if (input.InvocationType === "DryRun") return { StatusCode: 204 };
      return streamedResponse(route, invocationOf(route, payload, input, context), run);
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

async function run(route: Route, invocation: Invocation): Promise<InvocationResult> {
  try {
    const fleet = route.fleet ?? (await route.started);
    return await fleet.invoke(invocation);
  } catch (error) {
    throw error instanceof SaturatedError ? throttled() : error;
  }
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
    timeoutMs: route.timeoutMs,
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

/** Retries of an asynchronous invoke: two, after one and two minutes (Lambda developer guide, invocation-async). */
const retryDelaysMs = [60_000, 120_000] as const;

function invokeLater({ target }: LambdaContext, route: Route, invocation: Invocation): void {
  const attempt = async () => {
    for (const delay of [...retryDelaysMs, undefined]) {
      try {
        const { errorType } = await run(route, invocation);
        if (errorType === undefined) return;
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
      }
      if (delay === undefined || route.closing.aborted) return;
      await target.clock.sleep(delay, route.closing);
    }
  };
  attempt().catch((error: unknown) =>
    target.log(`An asynchronous invoke of ${route.arn} was lost: ${String(error)}`),
  );
}

// Part of the text as seen by aws/aws-sam-cli, lambda_invoke_executors.py; the rest is not published.
const tailRefused = () =>
  invalidParameter(
    "Tail logs are not supported for functions configured with capacity provider configuration.",
  );
