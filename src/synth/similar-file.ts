import { readdir } from "node:fs/promises";
import path from "node:path";

/** The source file that was probably meant, relative to the project: same name elsewhere, or another one beside it. */
export async function similarFile(
  missing: string,
  projectDir: string,
): Promise<string | undefined> {
  const wanted = stem(missing);
  const folders = [path.dirname(missing), path.join(projectDir, "src"), projectDir];
  const candidates: string[] = [];
  for (const folder of new Set(folders)) {
    const names = await readdir(folder).catch(() => []);
    candidates.push(...names.filter(isSource).map((name) => path.join(folder, name)));
  }
  const best =
    candidates.find((file) => stem(file) === wanted) ??
    candidates.find((file) => /^(handler|index|main|app)$/.test(stem(file))) ??
    (candidates.length === 1 ? candidates[0] : undefined);
  return best === undefined ? undefined : path.relative(projectDir, best);
}

function isSource(name: string): boolean {
  return /\.(ts|mts|cts|js|mjs|cjs)$/.test(name) && !/\.(test|spec|config|d)\.[a-z]+$/.test(name);
}

function stem(file: string): string {
  return path.basename(file).replace(/\.[^.]+$/, "");
}
