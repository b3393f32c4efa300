import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

import { race } from "./raced.ts";

const templates = resolve(import.meta.dirname, "../../../../templates");

/** What `lmi init` writes of a template, as far as race reads it; the event stands for those of the helper. */
function filesOf(template: string): Record<string, string> {
  const folder = join(templates, template);
  const sources = readdirSync(join(folder, "src")).map((name) => join("src", name));
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return {
    ...Object.fromEntries(sources.map((name) => [name, read(name)])),
    "events/all.json": read("events/sample.json"),
  };
}

test.each(["typescript", "http-api", "sqs-worker"])(
  "a new %s project is raced as it is, without findings and warnings",
  async (template) => {
    const { error, reporter } = await race(filesOf(template));
    expect(error).toBeUndefined();
    expect(reporter.results).toMatchObject([{ requests: 24, findings: [], failedAlone: [] }]);
    expect(reporter.said.filter((line) => line.startsWith("warn "))).toEqual([
      expect.stringContaining("Leaks were not looked for"),
    ]);
  },
);
