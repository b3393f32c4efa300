import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { titlesOf } from "./test-titles.ts";

interface Rule {
  readonly rule: string;
  readonly source: string;
  readonly status: string;
  /** The test's title and file, or what is said of the difference. */
  readonly says: string;
}

const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), "utf8");

async function rules(): Promise<Rule[]> {
  const lines = (await read("src/local/rules.md")).split("\n");
  const rows = lines.filter((line) => /^\| (?!rule \|)/.test(line));
  return rows.map((row) => {
    const [rule = "", source = "", here = ""] = row.slice(2, -2).split(" | ");
    const [status = "", says = ""] = /^(\w+): (.+)$/.exec(here)?.slice(1) ?? [];
    return { rule, source, status, says };
  });
}

test("each rule says where it is known from, what holds here, and why or by which test", async () => {
  const wrong = (await rules()).filter(
    ({ rule, source, status, says }) =>
      !rule || !source || !says || !["implemented", "different", "unknown"].includes(status),
  );
  expect(wrong).toEqual([]);
});

test("what is called implemented names a test that is there", async () => {
  const missing: string[] = [];
  for (const { rule, says } of (await rules()).filter(({ status }) => status === "implemented")) {
    const [, title = "", file = ""] =
      /^\[(.+)\]\(\.\.\/\.\.\/(test\/.+\.test\.ts)\)$/.exec(says) ?? [];
    const titles = titlesOf(await read(file).catch(() => ""));
    if (title === "" || !titles.some((each) => each.includes(title)))
      missing.push(`${rule}: ${says}`);
  }
  expect(missing).toEqual([]);
});

test("no rule stands twice", async () => {
  const texts = (await rules()).map(({ rule }) => rule);
  expect(new Set(texts).size).toBe(texts.length);
});

test("the README counts them", async () => {
  const all = await rules();
  const count = (status: string) => all.filter((rule) => rule.status === status).length;
  expect(await read("src/local/README.md")).toContain(
    `${all.length} rules: ${count("implemented")} implemented, ${count("different")} different, ${count("unknown")} unknown.`,
  );
});
