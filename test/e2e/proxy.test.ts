import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { Machine } from "./lmi.ts";

/** A name that no DNS knows (RFC 6761): whoever gets an answer under it got it from the proxy. */
const elsewhere = "aws.example.invalid";

describe("on the way to AWS", () => {
  let machine: Machine;
  let cwd: string;
  let endpoint: string;

  beforeAll(async () => {
    machine = await Machine.create();
    cwd = join(machine.home, "hello");
    expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
    const deploy = await machine.lmi(["deploy", "--local", "--yes"], { cwd });
    expect(deploy, deploy.stderr).toMatchObject({ code: 0 });
    const local = await machine.lmi(["local", "status", "--json"], { cwd });
    ({ endpoint } = JSON.parse(local.stdout) as { endpoint: string });
  }, 120_000);
  afterAll(() => machine.dispose([cwd]));

  /** As on AWS: no --local, the target stands in for AWS under an endpoint of the environment. */
  const onAws = (args: readonly string[], env: Record<string, string>) =>
    machine.lmi(args, {
      cwd,
      env: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "x",
        AWS_SECRET_ACCESS_KEY: "y",
        AWS_MAX_ATTEMPTS: "1",
        ...env,
      },
    });
  const worked = { code: 0, stdout: expect.stringContaining('"CREATE_COMPLETE"') };

  async function bundle(content: string): Promise<string> {
    const file = join(machine.home, "authorities.pem");
    await writeFile(file, content);
    return file;
  }

  test("AWS_CA_BUNDLE names the authorities that are trusted", async () => {
    const AWS_CA_BUNDLE = await bundle(rootCertificates.slice(0, 2).join("\n"));
    const status = await onAws(["status", "--json"], { AWS_CA_BUNDLE });
    expect(status, status.stderr).toMatchObject(worked);
    const invoke = await onAws(["invoke", "--payload", "[1]"], { AWS_CA_BUNDLE });
    expect(invoke, invoke.stderr).toMatchObject({ code: 0 });
  });

  test.each([
    ["is not there", undefined, "ENOENT"],
    ["holds no certificate", "hello", "no certificate"],
  ])("an AWS_CA_BUNDLE that %s is said, with its name", async (_, content, why) => {
    const AWS_CA_BUNDLE =
      content === undefined ? join(machine.home, "no-such.pem") : await bundle(content);
    const status = await onAws(["status"], { AWS_CA_BUNDLE });
    expect(status.code).toBe(2);
    expect(status.stderr).toContain(`AWS_CA_BUNDLE names ${AWS_CA_BUNDLE}`);
    expect(status.stderr).toContain(why);
  });

  test.each(["HTTP_PROXY", "http_proxy"])("%s takes the requests", async (name) => {
    const proxy = await startProxy(endpoint);
    const status = await onAws(["status", "--json"], {
      AWS_ENDPOINT_URL: `http://${elsewhere}`,
      [name]: proxy.url,
    });
    expect(status, status.stderr).toMatchObject(worked);
    expect(proxy.asked()).toEqual([`http://${elsewhere}/`]);
  });

  test("HTTPS_PROXY is asked for a tunnel", async () => {
    const proxy = await startProxy(endpoint);
    const status = await onAws(["status", "--json"], {
      AWS_ENDPOINT_URL: `https://${elsewhere}`,
      HTTPS_PROXY: proxy.url,
      AWS_CA_BUNDLE: await bundle(rootCertificates[0] ?? ""),
    });
    expect(status.code).not.toBe(0);
    expect(status.stdout + status.stderr).not.toContain("LMI_BUG");
    expect(proxy.asked()).toEqual([`CONNECT ${elsewhere}:443`]);
  });

  test("NO_PROXY names what is reached without", async () => {
    const proxy = await startProxy(endpoint);
    const through = await onAws(["status", "--json"], { HTTP_PROXY: proxy.url });
    expect(through, through.stderr).toMatchObject(worked);
    expect(proxy.asked()).toEqual([`${endpoint}/`]);
    const past = await onAws(["status", "--json"], {
      HTTP_PROXY: proxy.url,
      NO_PROXY: "other.example,127.0.0.1",
    });
    expect(past, past.stderr).toMatchObject(worked);
    expect(proxy.asked()).toEqual([]);
  });

  test("--local knows no proxy: this machine reaches itself", async () => {
    const proxy = await startProxy(endpoint);
    const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url };
    const status = await machine.lmi(["status", "--local", "--json"], { cwd, env });
    expect(status, status.stderr).toMatchObject(worked);
    expect(proxy.asked()).toEqual([]);
  });
});

/** A proxy that sends everything on to one endpoint, and opens no tunnels. */
async function startProxy(endpoint: string) {
  const asked: string[] = [];
  const { port, host } = new URL(endpoint);
  const server = createServer((request, response) => {
    const { url = "" } = request;
    asked.push(new URL("/", url).href);
    const path = url.slice(new URL(url).origin.length);
    const { method, headers } = request;
    const onward = send(
      { host: "127.0.0.1", port, path, method, headers: { ...headers, host } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    // The client may hang up in whatever way it likes.
    socket.on("error", () => {});
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Origins that were asked for since the last look, each once. */
    asked: () => [...new Set(asked.splice(0))],
  };
}
