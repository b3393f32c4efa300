import { z } from "zod";
import { settingExamples } from "./setting-examples.ts";
import { settingsSchema } from "./settings-schema.ts";

/** What of JSON Schema the settings use. */
interface Node {
  properties?: Record<string, Node>;
  additionalProperties?: boolean | Node;
  items?: Node;
  oneOf?: Node[];
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
}

/** The text of lmi.schema.json: what editors check and complete lmi.json with. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(settingsSchema, {
    target: "draft-7",
    io: "input",
    override: ({ jsonSchema: node }) => {
      // A union of numbers reads better, and completes better, as one enum.
      const literals = node.anyOf?.map((option) => option.const);
      if (literals && literals.every((literal) => literal !== undefined)) {
        node.enum = literals;
        node.type = "number";
        delete node.anyOf;
      }
    },
  });
  addExamples(schema as Node, "");
  return `${JSON.stringify({ title: "lmi.json", ...schema }, null, 2)}\n`;
}

/** Examples at every setting that has no settings below it, and at those that hold named ones. */
function addExamples(node: Node, path: string): void {
  for (const [place, child] of settingsBelow(node, path)) addExamples(child, place);
  const example = node.properties ? undefined : exampleOf(node, path);
  if (example !== undefined) node.examples = [example];
}

/** With `*` for a name that people choose, and the kind of an event source in brackets. */
function settingsBelow(node: Node, path: string): [path: string, child: Node][] {
  const own = Object.entries(node.properties ?? {}).map(([key, child]): [string, Node] => [
    path === "" ? key : `${path}.${key}`,
    child,
  ]);
  const named = node.additionalProperties;
  const kinds = (node.items?.oneOf ?? []).flatMap((kind) => {
    const { type, ...others } = kind.properties ?? {};
    return settingsBelow({ properties: others }, `${path}[${String(type?.const)}]`);
  });
  return typeof named === "object" && named.properties
    ? [...own, [`${path}.*`, named], ...kinds]
    : [...own, ...kinds];
}

function exampleOf(node: Node, path: string): unknown {
  // Overlays and further providers have the same settings as the whole.
  const place = path
    .replace(/^environments\.\*\./, "")
    .replace(/^capacityProviders\.\*\./, "capacity.")
    .replace(/^functions\.\*\.events(?=\[)/, "events");
  const example = settingExamples[place] ?? settingExamples[place.replace(/\[\w+\]/, "")];
  if (example !== undefined) return example;
  // A choice that is no default says more than the default.
  if (node.enum) return node.enum.find((choice) => choice !== node.default);
  return node.type === "boolean" ? node.default !== true : undefined;
}
