import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";

import { race } from "./raced.ts";

const handler = (body: string, before = "") => ({
  "src/handler.ts": `${before}\nexport const handler = async (e: any) => {\n${body}\n};\n`,
});

test("says so when every event fails alone, and is not green", async () => {
  const { error, findings } = await race(handler(`throw new Error("bad " + e.customer);`));
  expect(findings).toEqual([]);
  expect(error).toMatchObject({ code: "LMI_RACE_NOT_POSSIBLE", exitCode: 2 });
  expect(error?.why?.split("\n")).toEqual([
    "Event events/all.json[0] fails alone: Error: bad c-1701",
    "Event events/all.json[1] fails alone: Error: bad c-0977",
  ]);
});

test("warns of an event that fails alone, and goes on with the others", async () => {
  const failing = `if (e.customer === "c-1701") throw new TypeError("no discount");\nreturn e;`;
  const { error, reporter } = await race(handler(failing));
  expect(error).toBeUndefined();
  expect(reporter.said).toContain(
    "warn Event events/all.json[0] fails alone: TypeError: no discount; code behind that is not tested.",
  );
  const failedAlone = [{ name: "events/all.json[0]", error: "TypeError: no discount" }];
  expect(reporter.results).toMatchObject([{ failedAlone }]);
});

test("the page of findings says, too, what was not tested", async () => {
  const files = handler(
    `last = e.customer;\nawait new Promise(setImmediate);\nif (e.fails) throw new Error("no <b>");\nreturn { last };`,
    "let last = '';",
  );
  const events = [{ customer: "c-1701" }, { customer: "c-0977" }, { customer: "c-1", fails: true }];
  const { error, cwd } = await race({ ...files, "events/all.json": JSON.stringify(events) });
  expect(error).toMatchObject({ code: "LMI_RACE_FOUND" });
  expect(error?.details).toMatchObject({ failedAlone: [{ error: "Error: no <b>" }] });
  const page = await readFile(join(cwd, ".lmi", "race-7311.html"), "utf8");
  expect(page).toContain("events/all.json[2] fails alone: Error: no &lt;b&gt;");
});

test("a handler that never answers is not waited for a thousand times", async () => {
  const { error, reporter } = await race({
    ...handler("for (;;);"),
    "lmi.json": JSON.stringify({ functions: { api: { concurrency: 8, timeout: 1 } } }),
  });
  expect(error).toMatchObject({ code: "LMI_RACE_NOT_POSSIBLE", details: { requests: 0 } });
  expect(error?.why).toContain("Task timed out after 1.00 seconds");
  expect(reporter.said.join("\n")).not.toContain("answered");
});

test("a process.exit() that ends the worker is a finding", async () => {
  const { findings } = await race(
    handler(`setTimeout(() => process.exit(3), 1);\nawait new Promise(() => undefined);`),
  );
  expect(findings).toMatchObject([
    { kind: "worker-exit", place: { file: "src/handler.ts", line: 3 } },
  ]);
});

test("a function that does not start is no fault of lmi's", async () => {
  const { error } = await race(handler("return e;", `throw new RangeError("no table");`));
  expect(error).toMatchObject({
    code: "LMI_RACE_INIT_FAILED",
    exitCode: 2,
    message: "api does not start.",
  });
  expect(error?.why).toContain("RangeError: no table");
});

test("says that leaks were not looked for, and what it takes", async () => {
  const short = await race(handler("return e;"));
  expect(short.reporter.said).toContain(
    "warn Leaks were not looked for: that takes 32 requests (leave --repeat away).",
  );
  const long = await race(handler("return e;"), { repeat: "16" });
  expect(long.reporter.said.join("\n")).not.toContain("Leaks");
});

test("Ctrl-C ends the run and the processes that it started", async () => {
  const interrupt = new AbortController();
  const called = Promise.withResolvers<number>();
  const server = createServer(({ url = "" }) => called.resolve(Number(url.slice(1))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const work = race(
    {
      ...handler("await fetch(`http://127.0.0.1:${e.port}/${process.pid}`);"),
      "lmi.json": JSON.stringify({ functions: { api: { concurrency: 8, timeout: 600 } } }),
      "events/all.json": JSON.stringify([{ port }]),
    },
    {},
    { interrupt: interrupt.signal, interruptedBy: "SIGINT" },
  );
  const pid = await called.promise;
  interrupt.abort();
  expect((await work).error).toMatchObject({ exitCode: 130 });
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  server.closeAllConnections();
  server.close();
});
