import { join } from "node:path";
import { adapted } from "./adapt.ts";
import type { ScaffoldAnswers } from "./scaffold-answers.ts";
import { projectSettings } from "./project-settings.ts";
import { type TemplateFiles, templateFiles } from "./template-files.ts";

/** The order in which a person wants to see the files of a project. */
const order = [/^lmi\.json$/, /^src\/(?!test\/)/, /^events\//, /test/, /^README/, /^[^.]/];

/** The files of a new project, by path relative to its folder, in the order to show them. */
export async function scaffold(
  answers: ScaffoldAnswers,
  templates: string,
): Promise<TemplateFiles> {
  const files = await templateFiles(folderOf(answers, templates));
  const written = Object.entries(files).map(([path, content]): readonly [string, string] => [
    // npm publishes no file called .gitignore.
    path === "gitignore" ? ".gitignore" : path,
    contentOf(path, adapted(path, content, answers), answers),
  ]);
  return Object.fromEntries(written.toSorted(([a], [b]) => rank(a) - rank(b) || compare(a, b)));
}

function folderOf({ example, language }: ScaffoldAnswers, templates: string): string {
  return join(templates, example ?? language);
}

function contentOf(path: string, content: string, answers: ScaffoldAnswers): string {
  if (path === "lmi.json") return json(projectSettings(content, answers));
  return path === "package.json" ? json(packageOf(content, answers)) : content;
}

function packageOf(content: string, { name, lmiVersion }: ScaffoldAnswers) {
  const template = JSON.parse(content) as { devDependencies?: Record<string, string> };
  const added = lmiVersion === undefined ? {} : { lmi: `^${lmiVersion}` };
  const devDependencies = { ...template.devDependencies, ...added };
  return {
    name: name.toLowerCase(),
    ...template,
    ...(Object.keys(devDependencies).length === 0 ? {} : { devDependencies }),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function rank(path: string): number {
  const found = order.findIndex((pattern) => pattern.test(path));
  return found < 0 ? order.length : found;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
