import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";

import { LocalProject } from "../../deploy/local-project.ts";
import { push } from "./push-options.ts";

let project: LocalProject;
beforeAll(async () => {
  project = await LocalProject.deployed();
}, 60_000);
afterAll(() => project.dispose());

/** Until something is so, with the watch at work in this process. */
const until = (what: () => Promise<void> | void) =>
  vi.waitFor(what, { timeout: 15_000, interval: 50 });

test("each save is pushed; what does not build is told and does not end it; Ctrl-C does", async () => {
  const deps = project.deps();
  const failures: string[] = [];
  const reporter = {
    ...deps.reporter,
    failure: ({ code }: { readonly code: string }) => void failures.push(code),
  };
  const watching = push(project, { watch: true }, { ...deps, reporter });
  watching.catch(() => undefined);
  onTestFinished(() => deps.interruptBy("SIGTERM"));
  const waits = () => deps.events.filter(({ type }) => type === "watching").length;
  await until(() => expect(waits()).toBe(1));

  await project.writeHandler("saved");
  await until(async () => expect(await project.invoke()).toEqual({ answer: "saved" }));
  await until(() => expect(waits()).toBe(2));

  await project.write("src/handler.ts", "export const handler = (\n");
  await until(() => expect(failures).toEqual(["LMI_BUNDLE_FAILED"]));
  await until(() => expect(waits()).toBe(3));

  // A file that was not there before, in a folder that was.
  await project.write("src/words.ts", 'export const words = "imported";\n');
  await project.write(
    "src/handler.ts",
    'import { words } from "./words.ts";\nexport const handler = async () => ({ answer: words });\n',
  );
  await until(async () => expect(await project.invoke()).toEqual({ answer: "imported" }));
  await project.write("src/words.ts", 'export const words = "elsewhere";\n');
  await until(async () => expect(await project.invoke()).toEqual({ answer: "elsewhere" }));

  deps.interruptBy("SIGINT");
  await expect(watching).rejects.toMatchObject({ code: "LMI_INTERRUPTED", exitCode: 130 });
}, 60_000);

test("what no save mends ends it", async () => {
  await project.writeSettings({ name: "elsewhere" });
  onTestFinished(() => project.writeSettings());
  await expect(push(project, { watch: true })).rejects.toMatchObject({
    code: "LMI_STACK_NOT_FOUND",
    next: "lmi deploy --local",
  });
});
