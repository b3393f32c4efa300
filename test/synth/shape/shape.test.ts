import * as fc from "fast-check";
import { isDeepStrictEqual as isEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { leafPaths, type Tree, without } from "../../../src/cli/config/layers.ts";
import { settingsSchema } from "../../../src/synth/settings-schema.ts";
import { shapesOf } from "../../../src/synth/shape/shape-of.ts";
import { readSurely } from "../../../src/synth/shape/shape.ts";
import { settingsShape } from "../../../src/synth/shape/settings-shape.ts";
import { faults, withFault } from "../../helpers/random-settings/faults.ts";
import { brokenSettings } from "../../helpers/random-settings/random-faults.ts";
import { sampleProjects } from "../../helpers/random-settings/random-project.ts";

const read = (value: unknown) => readSurely(settingsShape.shapes, settingsShape.root, value);

/** As they stand in files. */
const asInFiles = (settings: unknown) => JSON.parse(JSON.stringify(settings)) as Tree;
const projects = sampleProjects(120, 11).map(({ settings }) => asInFiles(settings));

/** Where the quick check is sure of something else than zod: the values; else how it went. As texts: order counts, too. */
function compared(value: unknown): "sure" | "left to zod" | "refused" | object {
  const { success, data } = settingsSchema.safeParse(value, { jitless: true });
  const quick = read(value);
  if (quick === undefined) return success ? "left to zod" : "refused";
  const isSame = success && JSON.stringify(quick) === JSON.stringify(data) && isEqual(quick, data);
  return isSame ? "sure" : { value, quick, data };
}

/** Values that belong nowhere, or to another setting. */
const odd: readonly unknown[] = [
  null,
  undefined,
  "",
  "x",
  -1,
  0.5,
  2048,
  Number.NaN,
  true,
  [],
  [1],
  [undefined],
  {},
  { x: 1 },
  { x: undefined },
  { type: "sqs" },
  new Map([["a", 1]]),
  () => 1,
  JSON.parse('{"__proto__": {"memory": 1}}') as object,
];

function replaced(tree: Tree, [key = "", ...rest]: readonly string[], value: unknown): Tree {
  const inner = tree[key];
  return {
    ...tree,
    [key]: rest.length === 0 ? value : replaced((inner ?? {}) as Tree, rest, value),
  };
}

/** Of a schema of its own. */
function sure(schema: z.ZodType, value: unknown): unknown {
  const { shapes, root } = shapesOf(schema);
  return readSurely(shapes, root, value);
}

describe("settings that are surely right", () => {
  it("are right by zod, too, and come to the same: random ones, none of which needs zod", () => {
    expect(new Set(projects.map(compared))).toEqual(new Set(["sure"]));
    expect(compared({})).toBe("sure");
    expect(compared({ functions: { a: {}, b: { memory: 4096 } }, tags: { a: "b" } })).toBe("sure");
  });

  it("are none of those with a fault", () => {
    const found = faults.map((fault, index) =>
      compared(asInFiles(withFault(projects[index % projects.length] ?? {}, fault).settings)),
    );
    const broken = fc
      .sample(brokenSettings, { numRuns: 60, seed: 13 })
      .map(({ settings }) => compared(asInFiles(settings)));
    // Faults that rules find are none of the schema.
    expect(new Set([...found, ...broken])).toEqual(new Set(["refused", "sure"]));
  });

  it("are none with a value that belongs nowhere, or without one that is needed", () => {
    const paths = projects.flatMap((settings) =>
      leafPaths(settings).map((leaf) => ({ settings, leaf })),
    );
    const random = fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...odd), fc.nat(3));
    const found = fc
      .sample(random, { numRuns: 600, seed: 15 })
      .flatMap(([{ settings, leaf }, value, up]) => {
        const at = leaf.slice(0, Math.max(1, leaf.length - up));
        return [
          compared(replaced(settings, at, value)),
          compared(without(settings, at)),
          compared(replaced(settings, [...leaf.slice(0, -1), "further"], value)),
        ];
      });
    // Nothing (undefined) as a value is left to zod.
    expect(new Set(found)).toEqual(new Set(["refused", "sure", "left to zod"]));
  });
});

describe("a schema", () => {
  it("is left to zod where it has what data cannot say", () => {
    for (const schema of [
      z.string().refine(() => true),
      z.string().trim(),
      z.string().transform(Number),
      z.iso.datetime(),
      z.number().min(1),
      z.number().multipleOf(2),
      z.int().gt(1),
      z.string().regex(/x/i),
      z.record(z.enum(["a"]), z.string()),
      z.object({ a: z.string() }),
      z.string().default("x").optional(),
      z
        .array(z.string())
        .refine(() => true)
        .refine(() => true)
        .meta({ uniqueItems: true }),
    ])
      expect([sure(schema, "x"), sure(schema, 4), sure(schema, {}), sure(schema, ["x"])]).toEqual(
        Array.from({ length: 4 }, () => undefined),
      );
  });

  it("gives everybody a default of their own", () => {
    const schema = z.strictObject({ list: z.array(z.string()).default([]) });
    const { shapes, root } = shapesOf(schema);
    const first = readSurely(shapes, root, {}) as { list: string[] };
    first.list.push("x");
    expect(readSurely(shapes, root, {})).toEqual({ list: [] });
  });
});
