import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

import { connectAws } from "../../src/aws/connect.ts";

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

interface Received {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** An endpoint that answers what a test says, and the ports that talk to it. */
export async function portsAgainst(reply: (received: Received) => Reply, local = true) {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      url: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(received);
    const { status = 200, headers = {}, body } = reply(received);
    response.writeHead(status, { "x-amzn-requestid": "r-1", ...headers }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  const target = {
    region: "us-east-1",
    profile: undefined,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
    local,
  };
  return { aws: connectAws(target, { AWS_MAX_ATTEMPTS: "1" }), requests, close };
}
