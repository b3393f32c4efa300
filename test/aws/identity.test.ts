import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";

import type { ClientSettings } from "../../src/aws/client-settings.ts";
import { stsClient } from "../../src/aws/credentials.ts";
import { createIdentity } from "../../src/aws/identity.ts";

const target = {
  region: "us-east-1",
  profile: "slow",
  endpoint: undefined,
  credentials: undefined,
  local: false,
};
const credentials = { accessKeyId: "a", secretAccessKey: "b" };
const never = new Promise<never>(() => {});
const identityWith = (settings: object, limit: number) => {
  const connection = { target, settings: () => Promise.resolve(settings as ClientSettings) };
  return createIdentity(target, () => stsClient(connection), { credentials: limit, answer: limit });
};

test("a source of credentials that never answers is given up", async () => {
  const identity = identityWith({ region: "us-east-1", credentials: () => never }, 300);
  await expect(identity.caller()).rejects.toMatchObject({
    code: "LMI_CREDENTIALS_MISSING",
    exitCode: 5,
    why: expect.stringContaining("within 0.3 s"),
    next: expect.stringContaining("--profile slow"),
  });
});

test("an endpoint that never answers is given up, and its connection closed", async () => {
  const server = createServer(() => {});
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const closed = new Promise((resolve) => {
    server.once("connection", (socket) => socket.once("close", resolve));
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const identity = identityWith({ region: "us-east-1", endpoint, credentials }, 300);
  await expect(identity.caller()).rejects.toMatchObject({
    code: "LMI_ENDPOINT_UNREACHABLE",
    why: expect.stringContaining("within 0.3 s"),
  });
  await closed;
});
