import { readdir, symlink } from "node:fs/promises";
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
    const deployed = await lmi("deploy", "--local", "--yes");
    expect(deployed, deployed.stderr).toMatchObject({ code: 0 });
    const answered = await lmi("invoke", "--local", "--payload", "events/sample.json");
    expect(answered, answered.stderr).toMatchObject({ code: 0 });
    expect(answerIn(answered.stdout)).toEqual(answers[example]);
    const destroyed = await lmi("destroy", "--local", "--yes");
    expect(destroyed, destroyed.stderr).toMatchObject({ code: 0 });
  }, 120_000);
});

/** JSON, or the body behind what Lambda's runtime writes before a streamed one: metadata and eight zero bytes. */
function answerIn(payload: string): unknown {
  const [, body] = payload.split("\0".repeat(8));
  return body ?? JSON.parse(payload);
}
