import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { DevProject, until } from "./dev-project.ts";

const handler = "export const handler = async (event: unknown) => event;\n";
const one = { functions: { hello: { entry: "src/handler.ts" } } };

async function create(settings: Readonly<Record<string, unknown>> = one) {
  const project = await DevProject.create({ "src/handler.ts": handler });
  await project.writeSettings(settings);
  const read = async (name: string) =>
    JSON.parse(await readFile(join(project.folder, name), "utf8")) as unknown;
  return { project, read };
}

test("keeps each event once, for its owner only, behind those that the file has, and takes no part in saves", async () => {
  const { project, read } = await create();
  await writeFile(join(project.folder, "all.json"), '[{ "customer": "c-0" }]', { mode: 0o644 });
  const dev = project.start({ record: "all.json" });
  await until(() => expect(dev.told("watching")).toHaveLength(1));
  for (const customer of ["c-1", "c-2", "c-1", "c-0"]) await dev.invoke({ customer });
  expect(await read("all.json")).toEqual([
    { customer: "c-0" },
    { customer: "c-1" },
    { customer: "c-2" },
  ]);
  expect((await stat(join(project.folder, "all.json"))).mode & 0o777).toBe(0o600);
  // A save comes after all others: had those counted, it would not be the first.
  await project.write("src/handler.ts", handler.replace("=> event", "=> 1"));
  await until(() => expect(dev.told("reloaded")).toHaveLength(1));
  await until(() => expect(dev.told("watching")).toHaveLength(2));
});

test("makes the folder, and keeps no more than 100 events", async () => {
  const { project, read } = await create();
  const dev = project.start({ record: "events/new.json" });
  await dev.ready();
  expect(await read("events/new.json")).toEqual([]);
  for (let number = 0; number < 102; number += 1) await dev.invoke({ number });
  expect(await read("events/new.json")).toHaveLength(100);
  const full = dev.reporter.said.filter((line) => line.includes("is full"));
  expect(full).toEqual(["info events/new.json is full: no more events are recorded."]);
});

test("leaves out an event that has no room, says so once, and goes on", async () => {
  const { project, read } = await create();
  const dev = project.start({ record: "r.json" });
  await dev.ready();
  // Of two bytes each: the limit is one of bytes.
  for (const letter of ["é", "ü"]) await dev.invoke({ text: letter.repeat(500_000) });
  await dev.invoke({ customer: "c-1" });
  expect(await read("r.json")).toEqual([{ customer: "c-1" }]);
  const said = dev.reporter.said.filter((line) => line.includes("no room"));
  expect(said).toEqual([expect.stringContaining("An event of 1001 kB has no room in r.json")]);
});

test("numbers stay as they are written, those of the file before, too", async () => {
  const { project } = await create();
  const file = join(project.folder, "r.json");
  await writeFile(file, '[{ "id": 90071992547409931 }]');
  await writeFile(`${file}.tmp`, "", { mode: 0o644 });
  const dev = project.start({ record: "r.json" });
  await dev.ready();
  const payload = Buffer.from('{\n  "id": 90071992547409932,\n  "price": 1.0 }');
  await (await dev.aws()).functions.invoke({ functionName: "hello", payload });
  expect(await readFile(file, "utf8")).toBe(
    '[\n{"id":90071992547409931},\n{"id":90071992547409932,"price":1.0}\n]\n',
  );
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("of several functions it keeps what the named one gets", async () => {
  const entry = "src/handler.ts";
  const { project, read } = await create({ functions: { first: { entry }, second: { entry } } });
  await expect(project.start({ record: "r.json" }).ended).rejects.toMatchObject({
    code: "LMI_FUNCTION_AMBIGUOUS",
  });
  const dev = project.start({ record: "my r.json", settings: { function: "second" } });
  await dev.ready();
  await dev.invoke({ of: 1 }, "first");
  await dev.invoke({ of: 2 }, "second");
  expect(await read("my r.json")).toEqual([{ of: 2 }]);
  expect(dev.reporter.said.join("\n")).toContain("Then: lmi race second --events 'my r.json'");
});

test.each([
  ["holds something else", "src/handler.ts", "LMI_USAGE"],
  ["cannot be written", "src/handler.ts/r.json", "LMI_OUTPUT_NOT_WRITABLE"],
])("does not begin where the file %s, which stays as it is", async (_what, record, code) => {
  const { project } = await create();
  await expect(project.start({ record }).ended).rejects.toMatchObject({ code, exitCode: 2 });
  expect(await readFile(join(project.folder, "src/handler.ts"), "utf8")).toBe(handler);
});
