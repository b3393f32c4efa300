import { describe, expect, it } from "vitest";
import { jsonSchema } from "../../src/synth/json-schema.ts";
import { settingExamples } from "../../src/synth/setting-examples.ts";
import { settingsSchema } from "../../src/synth/settings-schema.ts";

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Node;
  readonly items?: { readonly oneOf?: readonly Node[] };
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
}

/** One setting that has no settings below it, or that holds named ones; and settings of which it is the example. */
interface Leaf {
  readonly path: string;
  readonly node: Node;
  readonly around: (example: unknown) => unknown;
}

const schema = JSON.parse(jsonSchema()) as Node;
const leaves = leavesOf(schema, "", (example) => example);

/** `around` puts a value in place of the node. */
function leavesOf(node: Node, path: string, around: Leaf["around"]): Leaf[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    leavesOf(child, path === "" ? key : `${path}.${key}`, (value) =>
      around({ ...needed(node), [key]: value }),
    ),
  );
  const named = node.additionalProperties;
  const below =
    typeof named === "object" && named.properties
      ? leavesOf(named, `${path}.*`, (value) => around({ example: value }))
      : [];
  const kinds = (node.items?.oneOf ?? []).flatMap((kind) =>
    leavesOf(kind, `${path}[${String(kind.properties?.["type"]?.const)}]`, (value) =>
      around([value]),
    ),
  );
  const isKind = node.const !== undefined;
  const own = node.properties || isKind ? [] : [{ path, node, around }];
  return [...own, ...inner, ...below, ...kinds];
}

/** What must stand beside any other setting. */
function needed({ required = [], properties = {} }: Node): object {
  return Object.fromEntries(
    required.map((key) => {
      const node = properties[key] ?? {};
      return [key, node.const ?? node.examples?.[0] ?? needed(node)];
    }),
  );
}

describe("examples", () => {
  it("stand at every setting; those of new ones go to src/synth/setting-examples.ts", () => {
    const without = leaves.filter(({ node }) => node.examples === undefined);
    expect(without.map(({ path }) => path)).toEqual([]);
    expect(leaves.length).toBeGreaterThan(150);
  });

  it("are right", () => {
    const wrong = leaves.flatMap(({ path, node, around }) =>
      (node.examples ?? []).flatMap((example) => {
        const { error } = settingsSchema.safeParse(around(example));
        return error ? [`${path}: ${error.issues.map(({ message }) => message).join("; ")}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("are all of settings that there are", () => {
    const shown = new Set(leaves.map(({ node }) => JSON.stringify(node.examples?.[0])));
    const stale = Object.entries(settingExamples).filter(
      ([, example]) => !shown.has(JSON.stringify(example)),
    );
    expect(stale.map(([path]) => path)).toEqual([]);
  });
});
