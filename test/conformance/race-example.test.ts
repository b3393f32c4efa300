import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Machine } from "../e2e/lmi.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const docs = resolve(import.meta.dirname, "../../docs");

/** The hunks of the page's diff: what stands there, and what shall. */
async function mend(): Promise<{ before: string; after: string }[]> {
  const page = await readFile(join(docs, "concurrency.md"), "utf8");
  const diff = /```diff\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  return diff
    .split(/^@@.*\n/m)
    .slice(1)
    .map((hunk) => {
      const lines = hunk.trimEnd().split("\n");
      const side = (other: string) =>
        lines.flatMap((line) => (line.startsWith(other) ? [] : [line.slice(1)])).join("\n");
      return { before: side("+"), after: side("-") };
    });
}

test("the example is found to leak at its line, and passes with the page's mend", async () => {
  const folder = await temporaryFolder();
  const machine = await Machine.create();
  onTestFinished(() => machine.dispose());
  await cp(join(docs, "examples/shared-customer"), folder, { recursive: true });
  const input = ["--entry", "handler.ts", "--events", "events.json"];
  const command = ["race", ...input, "--seed", "7311", "--repeat", "40"];
  const file = join(folder, "handler.ts");

  const leaking = await machine.lmi(command, { cwd: folder });
  expect(leaking.code).toBe(1);
  expect(leaking.stderr).toContain("handler.ts:8");

  let code = await readFile(file, "utf8");
  for (const { before, after } of await mend()) {
    expect(code).toContain(before);
    code = code.replace(before, after);
  }
  await writeFile(file, code);
  const mended = await machine.lmi(command, { cwd: folder });
  expect(mended.stdout).toContain("No findings in 120 requests.");
  expect(mended.code).toBe(0);
});
