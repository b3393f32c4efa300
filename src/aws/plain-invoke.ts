import type { IncomingMessage } from "node:http";

import { nodeHttp } from "./node-http.ts";
import type { InvokeRequest, InvokeResponse } from "./ports.ts";
import type { AwsTarget } from "./target.ts";

export type PlainInvoke = (request: InvokeRequest) => Promise<InvokeResponse | undefined>;

/**
 * Invoke over a plain endpoint on this machine, without the SDK's client: loading that takes longer than Node's own
 * start and the invocation together. Only the good answer is read here. Where there is none (a status that is no
 * success, nobody listening) the answer is undefined, and the SDK's client asks: as it would have repeated a failed
 * request itself, with its retries and its errors. A function's own error is a good answer, status 200.
 */
export function plainInvoke(target: AwsTarget): PlainInvoke | undefined {
  const { endpoint, credentials } = target;
  if (!target.local || !credentials || !endpoint?.startsWith("http://")) return undefined;
  // The scope tells service and region; of the signature the local target checks only the form.
  const scope = `${new Date().toISOString().slice(0, 10).replaceAll("-", "")}/${target.region}/lambda/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`;
  let agent: InstanceType<ReturnType<typeof nodeHttp>["Agent"]> | undefined;
  return async (request) => {
    const http = nodeHttp();
    agent ??= new http.Agent({ keepAlive: true, maxSockets: 64 });
    const options = {
      agent,
      method: "POST",
      headers: {
        authorization,
        "content-type": "application/octet-stream",
        "content-length": request.payload.length,
        "x-amz-invocation-type": request.asynchronous ? "Event" : "RequestResponse",
      },
      ...(request.signal ? { signal: request.signal } : {}),
    };
    const answer = await new Promise<Answer | undefined>((resolve) => {
      // An abort too: the SDK refuses to send what is aborted already, and says so in its way.
      const failed = () => resolve(undefined);
      http
        .request(urlOf(request, endpoint), options, (message) => {
          readAll(message).then((body) => resolve({ message, body }), failed);
        })
        .on("error", failed)
        .end(request.payload);
    });
    return answer && toResponse(answer);
  };
}

interface Answer {
  readonly message: IncomingMessage;
  readonly body: Buffer;
}

/** Lambda API reference, Invoke: POST /2015-03-31/functions/FunctionName/invocations?Qualifier=Qualifier */
function urlOf({ functionName, qualifier }: InvokeRequest, endpoint: string): URL {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const query = qualifier === undefined ? "" : `?Qualifier=${encodeURIComponent(qualifier)}`;
  return new URL(path + query, endpoint);
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function toResponse({ message, body }: Answer): InvokeResponse | undefined {
  const { statusCode = 0, headers } = message;
  if (statusCode < 200 || statusCode > 299) return undefined;
  const text = (name: string): string | undefined => headers[name]?.toString();
  return {
    statusCode,
    requestId: text("x-amzn-requestid") ?? "",
    executedVersion: text("x-amz-executed-version"),
    functionError: text("x-amz-function-error"),
    payload: new Uint8Array(body),
  };
}
