import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { Machine } from "./lmi.ts";

test("lmi dev runs a new project, lmi invoke and the next save reach it, and SIGTERM ends it all", async () => {
  const machine = await Machine.create();
  const cwd = join(machine.home, "hello");
  onTestFinished(() => machine.dispose([cwd]));
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });

  const dev = machine.start(["dev", "--event", "events/sample.json"], { cwd });
  await dev.shows(/export AWS_ENDPOINT_URL=/);
  const invoked = await machine.lmi(["invoke", "--local"], { cwd });
  expect(invoked).toMatchObject({ code: 0, stdout: expect.stringContaining("Hello from Lambda") });

  const file = join(cwd, "src", "handler.ts");
  await writeFile(file, (await readFile(file, "utf8")).replace("Hello from", "Saved for"));
  await dev.shows(/Reloaded my-managed-instance-function in/);
  await dev.shows(/Saved for Lambda/);

  dev.kill("SIGTERM");
  expect(await dev.finished).toMatchObject({ code: 143 });
  const status = await machine.lmi(["local", "status", "--json"], { cwd });
  expect(JSON.parse(status.stdout)).toMatchObject({ running: false });
}, 90_000);
