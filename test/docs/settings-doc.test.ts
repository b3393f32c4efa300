import { readFile } from "node:fs/promises";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import type { PropertyType } from "@aws-cdk/service-spec-types";
import { describe, expect, test } from "vitest";

const load = (script: string) =>
  import(new URL(`../../scripts/${script}`, import.meta.url).href) as Promise<unknown>;

test("docs/settings.md is what the schema says; renew it with: node scripts/settings-doc.mjs", async () => {
  const { settingsDoc } = (await load("settings-doc.mjs")) as { settingsDoc: () => string };
  const file = await readFile(new URL("../../docs/settings.md", import.meta.url), "utf8");
  expect(file).toBe(settingsDoc());
});

/** One that is listed as a whole stands for what is in it. */
const isIn = (path: string, whole: string) => path === whole || path.startsWith(`${whole}.`);

interface Reached {
  readonly settings?: readonly string[];
  readonly override?: string;
  readonly no?: string;
}

describe("CloudFormation's properties", async () => {
  const { cloudFormationProperties } = (await load("cloudformation-properties.mjs")) as {
    cloudFormationProperties: Readonly<Record<string, Readonly<Record<string, Reached>>>>;
  };
  const types = Object.entries(cloudFormationProperties);

  test.each(types)("of %s are all listed, and no others", (type, listed) => {
    const names = Object.keys(listed);
    const real = propertiesOf(type);
    expect(real.filter((path) => !names.some((name) => isIn(path, name)))).toEqual([]);
    expect(names.filter((name) => !real.some((path) => isIn(path, name)))).toEqual([]);
  });

  test("are reached by settings that there are", async () => {
    const doc = await readFile(new URL("../../docs/settings.md", import.meta.url), "utf8");
    const named = types.flatMap(([, listed]) =>
      Object.values(listed).flatMap(({ settings = [] }) => settings),
    );
    expect(named.filter((key) => !doc.includes(`| \`${key}`))).toEqual([]);
  });

  test("have one way, or a reason", () => {
    const ways = types.flatMap(([, listed]) => Object.values(listed));
    expect(
      ways.every((way) => Object.values(way).filter((how) => how.length > 0).length === 1),
    ).toBe(true);
  });
});

/** Paths of a type's properties that have none below them. */
function propertiesOf(type: string): string[] {
  const data = loadAwsServiceSpecSync();
  const below = (path: string, kind: PropertyType): string[] => {
    if (kind.type === "array") return below(path, kind.element);
    if (kind.type !== "ref") return [path];
    const { properties } = data.get("typeDefinition", kind.reference.$ref);
    const inner = Object.entries(properties);
    return inner.flatMap(([name, { type: own }]) => below(`${path}.${name}`, own));
  };
  const { properties } = data.lookup("resource", "cloudFormationType", "equals", type).only();
  return Object.entries(properties).flatMap(([name, { type: own }]) => below(name, own));
}
