import { readdir, readFile, symlink } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { examples } from "../../src/templates/catalogue.ts";
import type { Example } from "../../src/templates/catalogue.ts";
import { Machine, repository } from "./lmi.ts";

/** What each example answers to its sample event. */
const answers: Readonly<Record<Example, unknown>> = {
  "http-api": {
    statusCode: 200,
    headers: { "content-type": "application/json" },
    body: '{"id":"pen","name":"Pen","price":190}',
  },
  "sqs-worker": {
    batchItemFailures: [{ itemIdentifier: "22222222-2222-4222-8222-222222222222" }],
  },
  streaming: "3\n2\n1\nHello from Lambda Managed Instances!\n",
  powertools: { accepted: true, total: 1700 },
};

/** What those with a URL answer there: path, and status with body. */
const pages: Readonly<Partial<Record<Example, readonly [path: string, answer: string]>>> = {
  "http-api": ["products/glue", '404 {"error":"There is no product glue"}'],
  streaming: ["?from=1", "200 1\nHello from Lambda Managed Instances!\n"],
};

describe.each(Object.keys(examples) as Example[])("the example %s", (example) => {
  let machine: Machine;
  let cwd: string;

  beforeAll(async () => {
    machine = await Machine.create();
    cwd = join(machine.home, "shop");
    const init = await machine.lmi(["init", "shop", "--yes", "--template", example]);
    expect(init, init.stderr).toMatchObject({ code: 0 });
    // As npm install would, but offline: what examples depend on, this repository depends on, too.
    await symlink(join(repository, "node_modules"), join(cwd, "node_modules"));
  });
  afterAll(() => machine.dispose([cwd]));

  const lmi = (...args: string[]) => machine.lmi(args, { cwd });

  test("passes its own tests and the type check", async () => {
    const tested = await machine.run(process.execPath, ["--test"], { cwd });
    expect(tested.stdout).toMatch(/^ℹ fail 0$/m);
    expect(tested.stdout).toMatch(/^ℹ pass [1-9]/m);
    const tsc = join(repository, "node_modules", "typescript", "bin", "tsc");
    const checked = await machine.run(process.execPath, [tsc], { cwd });
    expect(checked, checked.stdout).toMatchObject({ code: 0 });
  });

  test("deploys, answers its sample event, and goes", async () => {
    expect(await readdir(join(cwd, "events"))).toEqual(["sample.json"]);
    const outputs = join(cwd, "outputs.json");
    const deployed = await lmi("deploy", "--local", "--yes", "--outputs-file", outputs);
    expect(deployed, deployed.stderr).toMatchObject({ code: 0 });
    const answered = await lmi("invoke", "--local", "--payload", "events/sample.json");
    expect(answered, answered.stderr).toMatchObject({ code: 0 });
    expect(answerIn(answered.stdout)).toEqual(answers[example]);
    const { FunctionUrl } = JSON.parse(await readFile(outputs, "utf8"))["lmi-shop"];
    expect(FunctionUrl && (await overHttp(FunctionUrl, example))).toEqual(pages[example]);
    const destroyed = await lmi("destroy", "--local", "--yes");
    expect(destroyed, destroyed.stderr).toMatchObject({ code: 0 });
  }, 120_000);
});

/** JSON, or the body behind what Lambda's runtime writes before a streamed one: metadata and eight zero bytes. */
function answerIn(payload: string): unknown {
  const [, body] = payload.split("\0".repeat(8));
  return body ?? JSON.parse(payload);
}

/** Host names below localhost are this machine's; the one of the URL says whose function it is. */
async function overHttp(url: string, example: Example): Promise<readonly [string, string]> {
  const [path = ""] = pages[example] ?? [];
  const { host, port } = new URL(url);
  return new Promise((done, fail) => {
    const asked = get({ port, path: `/${path}`, headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("end", () => done([path, `${response.statusCode} ${body}`]));
    });
    asked.on("error", fail);
  });
}
