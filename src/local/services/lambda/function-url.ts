import { randomUUID } from "node:crypto";
import type { FunctionUrlConfig } from "@aws-sdk/client-lambda";
import type { Invocation } from "../../runtime/invocation.ts";
import type { CallContext, FunctionUrlRequest } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { WireResponse } from "../../wire/message.ts";
import type { AttachmentDocument } from "./documents.ts";
import { runFunction } from "./function-run.ts";
import { signedCaller } from "./function-url-caller.ts";
import { preflight, withCors } from "./function-url-cors.ts";
import { urlEvent } from "./function-url-event.ts";
import { functionFailed, refusal, urlResponse } from "./function-url-response.ts";
import { streamedUrlResponse } from "./function-url-stream.ts";
import type { Routes } from "./invoke-route.ts";
import type { LambdaContext } from "./lambda-context.ts";
import { ownCall } from "./lambda-context.ts";
import { maxSyncPayload, maxSyncTimeoutMs } from "./limits.ts";
import { functionUrlId } from "./url-operations.ts";

/** Answers on function URLs, as AWS does for the public: with the function's response, or an error that says little. */
export class FunctionUrls {
  readonly #lambda: LambdaContext;
  readonly #routes: Routes;
  #known = new Map<string, AttachmentDocument>();
  #knownAt = -1;

  constructor(lambda: LambdaContext, routes: Routes) {
    this.#lambda = lambda;
    this.#routes = routes;
  }

  async serve(request: FunctionUrlRequest): Promise<WireResponse> {
    const requestId = randomUUID();
    const document = this.#find(request);
    const config = document?.value as Partial<FunctionUrlConfig> | undefined;
    // A URL that is not there looks like one that nobody may call.
    if (!document || !config) return identified(forbidden(), requestId);
    const early = config.Cors && preflight(request, config.Cors);
    if (early) return identified(early, requestId);
    const answer = await this.#answer(request, document, config, requestId);
    return identified(config.Cors ? withCors(request, config.Cors, answer) : answer, requestId);
  }

  async #answer(
    request: FunctionUrlRequest,
    document: AttachmentDocument,
    config: Partial<FunctionUrlConfig>,
    requestId: string,
  ): Promise<WireResponse> {
    const call = { ...ownCall(this.#lambda.target, request.url.region), requestId };
    const caller =
      config.AuthType === "AWS_IAM"
        ? signedCaller(request, { service: "lambda", cors: config.Cors, ...this.#lambda.target })
        : null;
    if (caller === undefined) return forbidden();
    const now = this.#lambda.target.clock.now();
    const event = urlEvent(request, { requestId, now, caller: caller ?? undefined });
    const payload = Buffer.from(JSON.stringify(event));
    if (payload.byteLength > maxSyncPayload) return refusal(413, "Request Entity Too Large");
    try {
      return await this.#run(document, config, payload, call);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.code === "TooManyRequestsException") return refusal(429, error.message);
      // Not published, or not Active: AWS's words for it are not known.
      this.#lambda.target.log(`${call.requestId} at ${request.url.domainName}: ${error.message}`);
      return functionFailed();
    }
  }

  async #run(
    { functionName, qualifier }: AttachmentDocument,
    { InvokeMode }: Partial<FunctionUrlConfig>,
    payload: Uint8Array,
    call: CallContext,
  ): Promise<WireResponse> {
    const input = { FunctionName: functionName, Qualifier: qualifier || undefined };
    const route = this.#routes.find(input, call);
    const invocation: Invocation = {
      requestId: call.requestId,
      payload,
      functionArn: route.arn,
      timeoutMs: Math.min(route.timeoutMs, maxSyncTimeoutMs),
    };
    if (InvokeMode === "RESPONSE_STREAM") return streamedUrlResponse(route, invocation);
    const result = await runFunction(route, invocation);
    return result.errorType === undefined ? urlResponse(result.payload) : functionFailed();
  }

  #find({ url }: FunctionUrlRequest): AttachmentDocument | undefined {
    const { store } = this.#lambda;
    if (store.changes() !== this.#knownAt) {
      this.#knownAt = store.changes();
      this.#known = new Map(
        store.urls
          .entries()
          .map(({ region, document }) => [`${region}/${functionUrlId(document)}`, document]),
      );
    }
    return this.#known.get(`${url.region}/${url.id}`);
  }
}

const forbidden = () => refusal(403, "Forbidden");

function identified(answer: WireResponse, requestId: string): WireResponse {
  return { ...answer, headers: { ...answer.headers, "x-amzn-requestid": requestId } };
}
