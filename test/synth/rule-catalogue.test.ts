import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ruleCatalogue } from "../../src/synth/rule-catalogue.ts";

const sources = ["synth", "synth/events", "cli/config"].flatMap((folder) => {
  const url = new URL(`../../src/${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter(
      (file) => file.endsWith(".ts") && !["rule-catalogue.ts", "pushing-reasons.ts"].includes(file),
    )
    .map((file) => readFileSync(new URL(file, url), "utf8"));
});
/** Codes of rules: they have a hyphen, and stand behind `code` or as an argument of their own. */
const codes = new Set(
  sources.flatMap((text) => [
    ...[...text.matchAll(/code: (?:\w+ \? )?"([a-z][a-z0-9]*(?:-[a-z]+)+)"/g)].map(
      ([, code = ""]) => code,
    ),
    ...[...text.matchAll(/code: \w+ \? "[a-z-]+" : "([a-z][a-z0-9]*(?:-[a-z]+)+)"/g)].map(
      ([, code = ""]) => code,
    ),
    ...[...text.matchAll(/\bissue\([^;]*?"([a-z][a-z0-9]*(?:-[a-z]+)+)"/g)].map(
      ([, code = ""]) => code,
    ),
  ]),
);

test("every code of a rule has its reason, and no reason is without a rule", () => {
  expect([...codes].toSorted()).toEqual(Object.keys(ruleCatalogue).toSorted());
});
