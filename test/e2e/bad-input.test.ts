import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Machine } from "./lmi.ts";

const handler = "export const handler = async (event: unknown) => ({ event });\n";

interface Case {
  readonly what: string;
  readonly files?: Record<string, string>;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  readonly code: number;
  readonly says: readonly (string | RegExp)[];
}

const project = (settings: object) => ({
  "lmi.json": JSON.stringify(settings),
  "src/handler.ts": handler,
});
const valid = project({ name: "hello", functions: { hello: { entry: "src/handler.ts" } } });

const cases: readonly Case[] = [
  {
    what: "settings that are not JSON: line and column",
    files: { "lmi.json": '{\n  "name": "hello",\n  "functions" {}\n}\n' },
    args: ["synth"],
    code: 2,
    says: [/lmi\.json:3:\d+/],
  },
  {
    what: "an unknown key: a suggestion",
    files: project({
      name: "hello",
      capcity: {},
      functions: { hello: { entry: "src/handler.ts" } },
    }),
    args: ["synth"],
    code: 2,
    says: ["capcity", /did you mean.*capacity/i],
  },
  {
    what: "several wrong settings: all of them, with their paths",
    files: valid,
    args: ["synth", "--memory", "2100", "--max-vcpu", "5", "--runtime", "nodejs20.x"],
    code: 2,
    says: [
      "functions.hello.memory",
      "2048",
      "capacity.maxVCpu",
      "12 to 15000",
      "nodejs20.x",
      /nodejs2[24]\.x/,
    ],
  },
  {
    what: "memory below 2048",
    files: valid,
    args: ["synth", "--memory", "1024"],
    code: 2,
    says: ["1024", "2048"],
  },
  {
    what: "memory above 32768",
    files: valid,
    args: ["synth", "--memory", "34816"],
    code: 2,
    says: ["34816", "32768"],
  },
  {
    what: "max-vcpu above 15000",
    files: valid,
    args: ["deploy", "--local", "--max-vcpu", "15001"],
    code: 2,
    says: ["15001", "15000"],
  },
  {
    what: "a missing entry file",
    files: project({ name: "hello", functions: { hello: { entry: "src/handlr.ts" } } }),
    args: ["synth"],
    code: 2,
    says: ["src/handlr.ts", "src/handler.ts"],
  },
  {
    what: "a handler that does not export the named function",
    files: {
      ...project({
        name: "hello",
        functions: { hello: { entry: "src/handler.ts", handler: "handler.main" } },
      }),
    },
    args: ["synth"],
    code: 2,
    says: ["main", "handler"],
  },
  {
    what: "a syntax error in the handler: file, line and column",
    files: {
      ...valid,
      "src/handler.ts": "export const handler = async () => {\n  return {{;\n};\n",
    },
    args: ["synth"],
    code: 2,
    says: [/src\/handler\.ts:2:\d+/],
  },
  {
    what: "a payload that is neither JSON nor a file",
    files: valid,
    args: ["invoke", "--local", "--payload", "{bad"],
    code: 2,
    says: [/JSON/, /file/],
  },
  { what: "an unknown command", args: ["deplyo"], code: 2, says: ["deplyo", "deploy"] },
  {
    what: "an unknown flag",
    files: valid,
    args: ["synth", "--max-vcpus", "30"],
    code: 2,
    says: ["--max-vcpus", "--max-vcpu"],
  },
  {
    what: "an unknown --env",
    files: valid,
    args: ["synth", "--env", "prod"],
    code: 2,
    says: ["prod"],
  },
  {
    what: "no credentials",
    files: valid,
    args: ["deploy", "--yes"],
    code: 5,
    says: [/credentials/i, "--local"],
  },
  {
    what: "a wrong region",
    files: valid,
    args: ["status", "--region", "us-esat-1"],
    env: { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" },
    code: 2,
    says: ["us-esat-1", "us-east-1"],
  },
  {
    what: "existing files at init",
    files: valid,
    args: ["init", ".", "--yes"],
    code: 2,
    says: ["lmi.json", "--force"],
  },
  { what: "a question with nobody to ask", args: ["init", "app"], code: 2, says: [/--/] },
  {
    what: "an approval with nobody to ask",
    files: valid,
    args: ["deploy", "--local"],
    code: 4,
    says: ["--yes"],
  },
];

describe("bad input gets a clear error and touches nothing", () => {
  let machine: Machine;
  const used: string[] = [];
  beforeAll(async () => {
    machine = await Machine.create();
  });
  afterAll(() => machine.dispose(used));

  const folderWith = async (files: Record<string, string>) => {
    const cwd = await mkdtemp(join(machine.home, "project-"));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), content);
    }
    used.push(cwd);
    return cwd;
  };

  test.each(cases)("$what", async ({ files, args, env, code, says }) => {
    const cwd = await folderWith(files ?? {});
    const result = await machine.lmi(args, { cwd, ...(env ? { env } : {}) });
    expect(result, result.stderr + result.stdout).toMatchObject({ code });
    for (const text of says) expect(result.stderr).toMatch(text);
    expect(result.stderr).toMatch(/LMI_[A-Z_]+/);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  test("a payload over the limit is refused before it is sent", async () => {
    const cwd = await folderWith({
      ...valid,
      "big.json": JSON.stringify("x".repeat(6 * 1024 * 1024)),
    });
    const result = await machine.lmi(["invoke", "--local", "--payload", "big.json"], { cwd });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/6 MB|6,?291,?556/);
  });

  test("a port in use is said, with the port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    const { port } = server.address() as AddressInfo;
    const cwd = await folderWith(valid);
    const result = await machine.lmi(["local", "up", "--port", String(port)], { cwd });
    server.close();
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(String(port));
  });

  test("a state folder that cannot be written is said, with the folder", async () => {
    const cwd = await folderWith({ ...valid, "not-a-folder": "" });
    const env = { LMI_LOCAL_STATE: join(cwd, "not-a-folder", "state") };
    const result = await machine.lmi(["local", "up"], { cwd, env });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("not-a-folder");
  });

  test("failures are JSON too", async () => {
    const cwd = await folderWith(valid);
    const result = await machine.lmi(["synth", "--memory", "1", "--json"], { cwd });
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({
      v: 1,
      type: "error",
      code: expect.stringMatching(/^LMI_/),
    });
  });
});
