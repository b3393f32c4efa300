import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

const documents = [
  "README.md",
  "src/local/README.md",
  "src/local/cloudformation/README.md",
  ...readdirSync(join(root, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

test("every file that docs/architecture.md names exists", () => {
  const named = [
    ...read("docs/architecture.md").matchAll(/`(?<path>(?:bin|src|test|scripts|docs)\/[\w./-]+)`/g),
  ].map(({ groups }) => groups?.["path"] ?? "");
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("every dependency has its reason, and nothing else has", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const [, section = ""] = read("docs/architecture.md").split("\n## Dependencies\n");
  const rows = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| `(?<name>[^`]+)` \| \S/gm)];
  const names = rows.map(({ groups }) => groups?.["name"]);
  expect(new Set(names)).toEqual(
    new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]),
  );
});

test.each(documents)("links of %s lead somewhere", (document) => {
  const links = [...read(document).matchAll(/\]\((?<target>[^)\s]+)\)/g)]
    .map(({ groups }) => groups?.["target"] ?? "")
    .filter((target) => !/^https?:/.test(target));
  expect(links.filter((target) => !leadsSomewhere(target, document))).toEqual([]);
});

function leadsSomewhere(target: string, document: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? document : join(dirname(document), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
}

/** The anchors that GitHub gives headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (?<title>.+)$/gm)].map(({ groups }) =>
    (groups?.["title"] ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
