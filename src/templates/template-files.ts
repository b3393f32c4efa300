import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";

/** Content by path with `/`, relative to the folder of the template. */
export type TemplateFiles = Readonly<Record<string, string>>;

/** Every file of a template: all of them are text. */
export async function templateFiles(folder: string): Promise<TemplateFiles> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    found
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }): Promise<readonly [string, string]> => {
        const path = join(parentPath, name);
        const relative = path.slice(folder.length).split(sep).join("/").replace(/^\//, "");
        return [relative, await readFile(path, "utf8")];
      }),
  );
  return Object.fromEntries(files);
}
