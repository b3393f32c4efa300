import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { jsonSchema } from "../../src/synth/json-schema.ts";

describe("lmi.schema.json", () => {
  it("is what the settings schema says; if not, run node scripts/generate-schema.mjs", async () => {
    const shipped = await readFile(new URL("../../lmi.schema.json", import.meta.url), "utf8");
    expect(shipped).toBe(jsonSchema());
  });

  it("says the form of each text that has one in words", () => {
    const forms = jsonSchema().matchAll(/"pattern": "(.*)"(?:,\s*"patternErrorMessage": "(.*)")?/g);
    const wordless = [...forms].filter(([, , words]) => words?.startsWith("must ") !== true);
    expect(wordless.map(([, pattern]) => pattern)).toEqual([]);
  });

  it("describes every setting and names defaults and ranges", () => {
    const schema = JSON.parse(jsonSchema()) as Node;
    const bare = undescribed(schema, "");
    expect(bare).toEqual([]);
    const memory = schema.properties?.["functions"]?.additionalProperties;
    expect(typeof memory === "object" ? memory.properties?.["memory"] : undefined).toMatchObject({
      default: 2048,
      minimum: 2048,
      maximum: 32_768,
    });
  });
});

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
}

function undescribed(node: Node, path: string): string[] {
  const more =
    typeof node.additionalProperties === "object"
      ? undescribed(node.additionalProperties, `${path}.*`)
      : [];
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    ...(child.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(child, `${path}.${key}`),
  ]);
  return [...own, ...more];
}
