import { jsonSchema } from "../../../src/synth/json-schema.ts";

/** What of JSON Schema the settings use. */
export interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly required?: readonly string[];
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string;
}

export const settingsNode = JSON.parse(jsonSchema()) as SchemaNode;

/** Every key of the settings as a path, `*` for names that people choose; and every value of those that have a list. */
export function schemaKeys(node: SchemaNode = settingsNode, path = ""): string[] {
  // Overlays hold the same keys once more.
  if (/^environments\.\*\.\w+$/.test(path)) return [path];
  const values = (node.enum ?? []).map((value) => `${path}=${String(value)}`);
  const booleans = node.type === "boolean" ? [`${path}=true`, `${path}=false`] : [];
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    schemaKeys(child, path === "" ? key : `${path}.${key}`),
  );
  const named =
    typeof node.additionalProperties === "object"
      ? schemaKeys(node.additionalProperties, `${path}.*`)
      : [];
  const options = (node.anyOf ?? []).flatMap((option) => schemaKeys(option, path));
  const kinds = (node.oneOf ?? []).flatMap((kind) => schemaKeys(kind, `${path}${kindOf(kind)}`));
  const items = node.items ? schemaKeys(node.items, `${path}[]`) : [];
  return [
    ...new Set([path, ...values, ...booleans, ...inner, ...named, ...options, ...kinds, ...items]),
  ];
}

/** The same for what settings really say. */
export function usedKeys(value: unknown, node: SchemaNode = settingsNode, path = ""): string[] {
  const options = (node.anyOf ?? []).flatMap((option) => usedKeys(value, option, path));
  const shown = !["string", "number", "boolean"].includes(typeof value)
    ? []
    : [`${path}=${String(value)}`];
  const kinds = (node.oneOf ?? [])
    .filter((kind) => isKind(kind, value))
    .flatMap((kind) => usedKeys(value, kind, `${path}${kindOf(kind)}`));
  const own = [path, ...shown, ...options, ...kinds];
  if (Array.isArray(value)) {
    const { items } = node;
    return items ? [...own, ...value.flatMap((each) => usedKeys(each, items, `${path}[]`))] : own;
  }
  if (typeof value !== "object" || value === null) return own;
  const inner = Object.entries(value).flatMap(([key, child]) => {
    const property = node.properties?.[key];
    if (property) return usedKeys(child, property, path === "" ? key : `${path}.${key}`);
    const more = node.additionalProperties;
    return typeof more === "object" ? usedKeys(child, more, `${path}.*`) : [];
  });
  return [...own, ...inner];
}

/** Event sources are told apart by their type. */
const kindOf = ({ properties }: SchemaNode) => `(${String(properties?.["type"]?.const)})`;

function isKind({ properties }: SchemaNode, value: unknown): boolean {
  const type = properties?.["type"]?.const;
  return typeof value === "object" && value !== null && "type" in value && value.type === type;
}
