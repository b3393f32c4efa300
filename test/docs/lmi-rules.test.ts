import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { lmiRules, type Rule } from "./lmi-rules.ts";

const everyRule = Object.values(lmiRules).flat();
const source = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), "utf8");

test("each rule that is called implemented names a test that is there", async () => {
  const missing: string[] = [];
  for (const { rule, here } of everyRule) {
    if (here.status !== "implemented") continue;
    const text = await source(here.proof).catch(() => "");
    if (!text.includes(here.title)) missing.push(`${rule}: ${here.proof} has no “${here.title}”`);
  }
  expect(missing).toEqual([]);
});

test("no rule stands twice", () => {
  const texts = everyRule.map(({ rule }) => rule);
  expect(new Set(texts).size).toBe(texts.length);
});

function counts(): string {
  const count = (status: string) => everyRule.filter(({ here }) => here.status === status).length;
  return `${everyRule.length} rules: ${count("implemented")} implemented, ${count("different")} different, ${count("unknown")} unknown.`;
}

function row({ rule, source: from, here }: Rule): string {
  const cells = {
    implemented: () =>
      here.status === "implemented" ? `implemented ([test](../../${here.proof}))` : "",
    different: () => (here.status === "different" ? `**different**: ${here.how}` : ""),
    unknown: () => (here.status === "unknown" ? `unknown: ${here.meanwhile}` : ""),
  };
  return `| ${rule} | ${from} | ${cells[here.status]()} |`;
}

test("the README's table of rules is this list; renew it with the rows that this test shows", async () => {
  const topics = Object.entries(lmiRules).map(([topic, rules]) =>
    [`**${topic}**`, "", "| rule | source | here |", "|---|---|---|", ...rules.map(row)].join("\n"),
  );
  const wanted = [counts(), ...topics].join("\n\n");
  const readme = await source("src/local/README.md");
  const section = /<!-- rules -->\n(?<rows>[\s\S]*?)\n<!-- \/rules -->/.exec(readme);
  expect(section?.groups?.["rows"]).toBe(wanted);
});
