import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { scaffold } from "../../src/templates/scaffold.ts";
import type { ScaffoldAnswers } from "../../src/templates/scaffold-answers.ts";

const templates = path.resolve(import.meta.dirname, "../../templates");

const answers: ScaffoldAnswers = {
  name: "hello",
  language: "typescript",
  runtime: "nodejs24.x",
  architecture: "arm64",
  maxVCpu: 40,
  memory: 4096,
  azs: 2,
  egress: "public",
};

/** The files of a project with these answers, otherwise the ones above. */
export function filesOf(given: Partial<ScaffoldAnswers> = {}) {
  return scaffold({ ...answers, ...given }, templates);
}

/** A folder with the project, which goes when the test has finished. */
export async function scaffolded(given: Partial<ScaffoldAnswers> = {}): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "lmi-scaffold-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(await filesOf(given))) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}
