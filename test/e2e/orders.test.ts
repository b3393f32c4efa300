import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Machine, repository } from "./lmi.ts";

describe("a TypeScript function with npm packages, top-level await and an error path", () => {
  let machine: Machine;
  let cwd: string;

  beforeAll(async () => {
    machine = await Machine.create();
    cwd = join(machine.home, "orders");
    await cp(join(repository, "test/fixtures/projects/orders"), cwd, { recursive: true });
    await symlink(join(repository, "node_modules"), join(cwd, "node_modules"));
    const deploy = await machine.lmi(["deploy", "--local", "--yes"], { cwd });
    expect(deploy, deploy.stderr).toMatchObject({ code: 0 });
  }, 120_000);
  afterAll(() => machine.dispose([cwd]));

  test("answers with its environment variable and its packages at work", async () => {
    const result = await machine.lmi(["invoke", "--local", "--payload", "events/order.json"], {
      cwd,
    });
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(result.stdout)).toEqual({ greeting: "hello", id: "o-1", total: 6 });
  });

  test("an error of the function: payload on stdout, exit 1", async () => {
    const result = await machine.lmi(
      ["invoke", "--local", "--payload", '{"id":"o-2","quantity":-1}'],
      { cwd },
    );
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({ errorType: "InvalidOrder" });
  });

  test("100 requests at once get 100 different answers", async () => {
    const local = JSON.parse((await machine.lmi(["local", "status", "--json"], { cwd })).stdout);
    const { LambdaClient, InvokeCommand } = await import("@aws-sdk/client-lambda");
    const client = new LambdaClient({
      endpoint: local.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "x", secretAccessKey: "y" },
    });
    const requests = Array.from({ length: 100 }, async (_, index) => {
      const response = await client.send(
        new InvokeCommand({
          FunctionName: "orders",
          Payload: JSON.stringify({ id: `order-${index}`, quantity: index + 1 }),
        }),
      );
      return JSON.parse(new TextDecoder().decode(response.Payload));
    });
    const answers = await Promise.all(requests);
    client.destroy();
    expect(answers).toEqual(
      answers.map((_, index) => ({
        greeting: "hello",
        id: `order-${index}`,
        total: (index + 1) * 3,
      })),
    );
    expect(answers).toHaveLength(100);
  });

  test("its log lines carry the request ids of their own requests", async () => {
    const result = await machine.lmi(["logs", "--local", "--json", "--filter", '"order priced"'], {
      cwd,
    });
    const lines = result.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThanOrEqual(100);
  });
});
