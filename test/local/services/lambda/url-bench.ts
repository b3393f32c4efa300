import type { IncomingHttpHeaders } from "node:http";
import { request as httpRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import type { CreateFunctionUrlConfigRequest, FunctionUrlConfig } from "@aws-sdk/client-lambda";
import { onTestFinished } from "vitest";
import { startServer } from "../../../../src/local/server.ts";
import { startLambda } from "./lambda-bench.ts";

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  readonly host?: string;
}

interface Received {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as JSON, or as text. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what tests look at with matchers
  readonly value: any;
}

/** A function behind a server, and a URL of it. */
export async function startUrl(
  settings: Partial<CreateFunctionUrlConfigRequest> = {},
  input: object = {},
) {
  const lambda = await startLambda();
  await lambda.createProvider();
  await lambda.createFunction("web.mjs", input);
  await lambda.settled();
  const config = await lambda.call<FunctionUrlConfig>("CreateFunctionUrlConfig", {
    FunctionName: "f",
    AuthType: "NONE",
    ...settings,
  });
  const server = await startServer({
    port: 0,
    dispatch: async () => ({ status: 299, headers: {}, body: "an AWS API" }),
    serveUrl: async (request) => {
      const answer = await lambda.service().serveUrl?.(request);
      return answer ?? Promise.reject(new Error("no function URLs"));
    },
    identity: undefined,
    log: () => undefined,
  });
  onTestFinished(() => server.close());
  const { hostname } = new URL(config.FunctionUrl ?? "");
  const { port } = server;
  return {
    lambda,
    config,
    hostname,
    port,
    send: (path: string, sent: Sent = {}) => send(port, sent.host ?? hostname, path, sent),
  };
}

export function send(port: number, host: string, path: string, sent: Sent): Promise<Received> {
  const { method = "GET", body } = sent;
  // fetch takes no Host, and a test must not depend on how names below localhost resolve.
  const headers = { host: `${host}:${port}`, ...sent.headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, path, method, headers, agent: false },
      (response) => {
        buffer(response).then((bytes) => {
          const text = bytes.toString();
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: bytes,
            value: /^[{["]/.test(text) ? (JSON.parse(text) as unknown) : text,
          });
        }, reject);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
