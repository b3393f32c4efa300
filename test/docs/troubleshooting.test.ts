import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(root, "src", file), "utf8"));

/**
 * Codes are whole string literals. So are names of environment variables, but those stand behind `env[` or `variable:`;
 * a name inside a longer text is neither.
 */
function codesIn(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/(?<before>\benv\[|\bvariable: )?"(?<code>LMI_[A-Z0-9_]+)"/g)].flatMap(
    ({ groups }) => (groups?.["before"] === undefined ? (groups?.["code"] ?? []) : []),
  );
}

const codes = [...new Set(sources.flatMap(codesIn))].toSorted();
const text = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");
const entries = text.split(/^### /m).slice(1);
/** The others are AWS's words. */
const own = entries.filter((entry) => entry.startsWith("LMI_"));
const headings = own.map((entry) => entry.split("\n")[0] ?? "");

test("every error code has an entry, and every entry is an error code", () => {
  expect(headings.toSorted()).toEqual(codes);
});

test("the rule tells codes from variables", () => {
  expect(
    codesIn('env["LMI_ENV"]; x("LMI_A", "LMI_B is wrong"); { variable: "LMI_C" } // ok'),
  ).toEqual(["LMI_A"]);
});

test.each(own.map((entry) => [entry.split("\n")[0], entry]))("%s is explained", (_, entry) => {
  // The exit code, then at least a sentence.
  expect(entry).toMatch(/^LMI_[A-Z0-9_]+\n\[[^\]]*\d[^\]]*\] \S.{10,}/);
});

test("the contents link to every section", () => {
  const sections = [...text.matchAll(/^## (?<title>.+)$/gm)].map(({ groups }) =>
    (groups?.["title"] ?? "").toLowerCase().replaceAll(/[,']/g, "").replaceAll(" ", "-"),
  );
  const links = [...text.matchAll(/\]\(#(?<target>[a-z-]+)\)/g)].map(
    ({ groups }) => groups?.["target"],
  );
  const rest = links.slice(sections.length);
  expect(links.slice(0, sections.length)).toEqual(sections);
  const anchors = new Set(
    entries.map((entry) => (entry.split("\n")[0] ?? "").toLowerCase().replaceAll(/[^a-z_]/g, "")),
  );
  expect(rest.filter((link) => !anchors.has(link ?? ""))).toEqual([]);
});
