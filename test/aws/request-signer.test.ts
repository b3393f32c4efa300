import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";

import type { InvocationRoute } from "../../src/aws/ports.ts";
import { RequestSigner } from "../../src/aws/request-signer.ts";

const route: InvocationRoute = {
  origin: "https://lambda.eu-central-1.amazonaws.com",
  path: "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A1%3Afunction%3Ax/invocations",
  query: { Qualifier: "$LATEST.PUBLISHED", tag: ["two", "one"] },
  contentType: "application/octet-stream",
  region: "eu-central-1",
  ca: undefined,
  proxy: undefined,
};
const now = Date.parse("2026-11-23T12:00:00.500Z");
const events = [Buffer.from('{"n":1}'), Buffer.from('{"n":"ü"}')];

/** What the SDK signs with wants a hash of its own form. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | Uint8Array) {
    this.#hash =
      secret === undefined
        ? createHash("sha256")
        : createHmac(
            "sha256",
            typeof secret === "string" ? secret : Buffer.from(secret as Uint8Array),
          );
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

test.each([
  ["long-lived keys", { accessKeyId: "AKID", secretAccessKey: "secret" }],
  [
    "temporary ones",
    { accessKeyId: "ASIA", secretAccessKey: "secret", sessionToken: "a/session+token==" },
  ],
])("signs with %s as the SDK's signer does", async (_, credentials) => {
  const signer = new RequestSigner(route, events, credentials);
  const theirs = new SignatureV4({
    credentials,
    region: route.region,
    service: "lambda",
    sha256: Sha256 as never,
    applyChecksum: false,
  });
  for (const [index, body] of events.entries()) {
    const signed = await theirs.sign(
      {
        method: "POST",
        protocol: "https:",
        hostname: "lambda.eu-central-1.amazonaws.com",
        path: route.path,
        query: { ...route.query },
        headers: { "content-type": route.contentType, host: "lambda.eu-central-1.amazonaws.com" },
        body,
      },
      { signingDate: new Date(now) },
    );
    const text = Buffer.from(signer.bytesOf(index, now)).toString("utf8");
    expect(text).toContain(`\r\nauthorization: ${signed.headers["authorization"]}\r\n`);
    expect(text.endsWith(`content-length: ${body.length}\r\n\r\n${body.toString("utf8")}`)).toBe(
      true,
    );
  }
});

test("a name that comes several times is sent as often, in the given order", () => {
  const signer = new RequestSigner(route, events, { accessKeyId: "A", secretAccessKey: "s" });
  const [line] = Buffer.from(signer.bytesOf(0, now)).toString("utf8").split("\r\n");
  expect(line).toContain("&tag=two&tag=one HTTP/1.1");
});

test("requests of one second share a signature, and those of the next do not", () => {
  const signer = new RequestSigner(route, events, { accessKeyId: "A", secretAccessKey: "s" });
  const first = signer.bytesOf(0, now);
  expect(signer.bytesOf(0, now + 400)).toBe(first);
  expect(signer.bytesOf(1, now)).not.toEqual(first);
  expect(signer.bytesOf(0, now + 600)).not.toEqual(first);
});

test("renewed credentials sign the next request, of the same second too", () => {
  const signer = new RequestSigner(route, events, { accessKeyId: "A", secretAccessKey: "s" });
  signer.bytesOf(0, now);
  signer.renew({ accessKeyId: "B", secretAccessKey: "t" });
  expect(Buffer.from(signer.bytesOf(0, now)).toString()).toContain("Credential=B/");
});
