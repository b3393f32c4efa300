import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { DevProject, until } from "./dev-project.ts";

const answering = (answer: string) =>
  `export const handler = async () => ({ answer: ${JSON.stringify(answer)} });\n`;

/** Answers when the file of its event is there. */
const waiting = `
import { existsSync } from "node:fs";
export const handler = async ({ file }: { file?: string }) => {
  console.info("waits for", file);
  while (file && !existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
  return { answer: "the code before", variable: process.env["WORD"] ?? null };
};
`;
const settings = { functions: { hello: { entry: "src/handler.ts" } } };

test("a save brings new code, while requests in flight end in the code before; what does not build or start leaves it", async () => {
  const project = await DevProject.create({ "src/handler.ts": waiting });
  await project.writeSettings(settings);
  const dev = project.start({ json: true });
  await dev.ready();

  const file = join(project.aside, "go");
  const inFlight = dev.invoke({ file });
  await until(() => expect(JSON.stringify(dev.told("log"))).toContain("waits for"));

  await project.write("src/handler.ts", answering("new"));
  await until(() => expect(dev.told("reloaded")).toHaveLength(1));
  expect(dev.told("reloaded")).toEqual([
    { type: "reloaded", functions: ["hello"], milliseconds: expect.any(Number) },
  ]);
  expect(await dev.invoke()).toEqual({ answer: "new" });
  await writeFile(file, "");
  expect(await inFlight).toEqual({ answer: "the code before", variable: null });

  await project.write("src/handler.ts", "export const handler = (\n");
  await until(() => expect(dev.reporter.failures).toHaveLength(1));
  expect(dev.reporter.failures[0]).toMatchObject({
    code: "LMI_BUNDLE_FAILED",
    message: expect.stringMatching(/^src\/handler\.ts:2:1 /),
  });
  expect(dev.reporter.said.at(-1)).toMatch(/^info The code before goes on answering/);
  expect(await dev.invoke()).toEqual({ answer: "new" });

  await project.write("src/handler.ts", `${answering("never")}throw new Error("not today");\n`);
  await until(() => expect(dev.reporter.failures).toHaveLength(2));
  expect(dev.reporter.failures[1]).toMatchObject({
    code: "LMI_DEV_INIT_FAILED",
    why: expect.stringMatching(/not today/),
  });
  expect(await dev.invoke()).toEqual({ answer: "new" });

  // Back to what answers already.
  await project.write("src/handler.ts", answering("new"));
  await until(() => expect(dev.told("reloaded")).toHaveLength(2));
  expect(await dev.invoke()).toEqual({ answer: "new" });
});

const withWord = (WORD: string) => ({
  functions: { hello: { entry: "src/handler.ts", environment: { WORD } } },
});

test("settings reload, too; the event is sent each time; the second one is refused; a signal ends it", async () => {
  const project = await DevProject.create({ "src/handler.ts": waiting, "event.json": "{}" });
  await project.writeSettings(withWord("one"));
  const dev = project.start({ event: "event.json", json: true });
  await dev.ready();
  const answers = () =>
    dev.reporter.results.map((answer) => (answer as { payload: unknown }).payload);
  await until(() => expect(answers()).toEqual([{ answer: "the code before", variable: "one" }]));

  await project.writeSettings(withWord("two"));
  await until(() => expect(answers()).toHaveLength(2));
  expect(answers()[1]).toEqual({ answer: "the code before", variable: "two" });

  await expect(project.start().ended).rejects.toMatchObject({ code: "LMI_DEV_RUNNING" });

  await project.write("lmi.json", '{ "name": "hello", "functions": { "hello": { "memory": 1 } } }');
  await until(() => expect(dev.reporter.failures).toHaveLength(1));
  expect(dev.reporter.failures[0]?.code).toBe("LMI_SETTINGS_INVALID");

  const endpoint = await dev.ready();
  dev.system.press("SIGTERM");
  await expect(dev.ended).resolves.toBeUndefined();
  await expect(fetch(endpoint)).rejects.toThrow();
});
