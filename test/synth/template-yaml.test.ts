import { expect, test } from "vitest";
import { parse } from "yaml";
import { templateYaml } from "../../src/synth/template-yaml.ts";

// YAML 1.1, https://yaml.org/type/: bool, int, float, merge, null, timestamp and value.
const texts = ["yes", "off", "N", "12:30:00", "1_000", "0b11", "007", ".5", "<<", "~", "1e3"];

test("texts stay texts for readers of YAML 1.1", async () => {
  const values = Object.fromEntries([...texts, "2012-10-17"].map((text) => [text, text]));
  const yaml = await templateYaml({ values, version: "2012-10-17", count: 3, on: true });
  expect(parse(yaml, { version: "1.1" })).toEqual({
    values,
    version: "2012-10-17",
    count: 3,
    on: true,
  });
});

test("an equals sign is quoted: PyYAML cannot read it bare", async () => {
  expect(await templateYaml({ a: "=" })).toBe('a: "="\n');
});

test("the same object twice stands there twice, and lines are not broken", async () => {
  const shared = { text: "word ".repeat(40).trim() };
  const yaml = await templateYaml({ a: shared, b: shared });
  expect(yaml).toBe(`a:\n  text: ${shared.text}\nb:\n  text: ${shared.text}\n`);
});
