import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A temporary folder with the given files, gone after the test. Objects are written as JSON. */
export async function projectFolder(
  files: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "lmi-config-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}
